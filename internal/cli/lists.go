package cli

import (
	"encoding"
	"encoding/json"
	"reflect"
)

// filled is a copy of a result in which no list is nil, so that a program that reads the JSON finds an empty list where
// there is nothing, never null. What writes itself stays as it is.
func filled(v any) any {
	if v == nil {
		return nil
	}
	return fill(reflect.ValueOf(v)).Interface()
}

var (
	writesJSON = reflect.TypeFor[json.Marshaler]()
	writesText = reflect.TypeFor[encoding.TextMarshaler]()
)

func fill(v reflect.Value) reflect.Value {
	t := v.Type()
	if t.Implements(writesJSON) || t.Implements(writesText) {
		return v
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		return fillPointed(v)
	case reflect.Struct:
		return fillStruct(v)
	case reflect.Slice:
		return fillSlice(v)
	case reflect.Map:
		return fillMap(v)
	default:
		return v
	}
}

func fillPointed(v reflect.Value) reflect.Value {
	if v.IsNil() {
		return v
	}
	inner := fill(v.Elem())
	if v.Kind() == reflect.Interface {
		return inner
	}
	p := reflect.New(v.Type().Elem())
	p.Elem().Set(inner)
	return p
}

func fillStruct(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	fillFields(c)
	return c
}

func fillFields(c reflect.Value) {
	for i := range c.NumField() {
		switch f := c.Field(i); {
		case f.CanSet():
			f.Set(fill(f))
		case c.Type().Field(i).Anonymous && f.Kind() == reflect.Struct:
			fillFields(f) // of a type that is not exported, whose fields may be
		}
	}
}

func fillSlice(v reflect.Value) reflect.Value {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return v // bytes, which JSON writes as one text
	}
	c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	for i := range v.Len() {
		c.Index(i).Set(fill(v.Index(i)))
	}
	return c
}

func fillMap(v reflect.Value) reflect.Value {
	c := reflect.MakeMapWithSize(v.Type(), v.Len())
	for k, e := range v.Seq2() {
		c.SetMapIndex(k, fill(e))
	}
	return c
}
