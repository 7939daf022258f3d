// Package app puts the parts together: it opens a data folder, runs imports and bills, and answers what the faces ask.
// It owns the order of things across parts and the data folder's lock, and no rule of the business. It is the only
// package that may import everything.
package app
