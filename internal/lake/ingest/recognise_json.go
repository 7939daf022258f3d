package ingest

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// recogniseJSON tells lines of objects from documents, and what they hold.
func (s *Source) recogniseJSON(in io.Reader) error {
	b := bufio.NewReaderSize(in, firstLine)
	peeked, err := b.Peek(firstLine)
	if err != nil && !errors.Is(err, io.EOF) {
		return err //nolint:wrapcheck // told by openError
	}
	line := string(peeked)
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	if header, ok := objectKeys(line); ok {
		s.Header = header
		if f, ok := best(header); ok {
			s.Format = FormatJSONL
			s.adopt(f)
			return nil
		}
	}
	s.Format, s.Header = FormatJSON, nil
	return s.recogniseDocument(b)
}

// objectKeys lists the members of a line that is exactly one object.
func objectKeys(line string) ([]string, bool) {
	var keys []string
	rest, err := scanObject(line, func(key, _ string, _ int) error {
		keys = append(keys, key)
		return nil
	})
	return keys, err == nil && space(line, rest) == len(line)
}

// recogniseDocument walks as far as it takes to know the kind and what its rows need from outside their list.
func (s *Source) recogniseDocument(in io.Reader) error {
	var sure error
	line, err := walk(in, visitor{
		item: func(list string, raw []byte, line int64) error {
			if s.Kind == "" {
				if sure = s.recogniseItem(list, raw, line); sure != nil {
					return sure
				}
			}
			return s.enough()
		},
		member: func(key string, raw []byte, _ int64) error { s.outside(key, raw); return nil },
		object: func(members []member, line int64) error {
			sure = s.recogniseObject(members, line)
			return sure
		},
	})
	switch {
	case sure != nil:
		return sure
	case err == nil, errors.Is(err, errEnough), s.Kind != "" && isJSONFault(err):
		if s.Kind == "" {
			s.Kind, s.Empty = KindNone, true
			s.note(NoteNoCharges, "", "the page holds no items", 1)
		}
		return nil
	case isJSONFault(err):
		return errs.New(errs.Invalid, CodeUnknown, "%s cannot be read as JSON", s.Name).With(
			errs.Field{Place: place(s.Name, line), Code: CodeUnknown, Detail: jsonDetail(err)})
	default:
		return err
	}
}

// jsonDetail says what is wrong with the text, in our own words where it is the text's.
func jsonDetail(err error) string {
	switch {
	case errors.Is(err, errList), errors.Is(err, errRecordLong):
		return err.Error()
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the file is cut: it ends inside its JSON"
	default:
		return errSyntax.Error()
	}
}

// isJSONFault tells what the file's text is at fault for.
func isJSONFault(err error) bool {
	var syntax *json.SyntaxError
	return errors.As(err, &syntax) || errors.Is(err, errJSON) || errors.Is(err, errList) || errors.Is(err, errRecordLong) ||
		errors.Is(err, io.ErrUnexpectedEOF)
}

// enough stops the walk unless members behind the list are needed: a rate card's currency, a page's invoice.
func (s *Source) enough() error {
	switch s.Kind {
	case KindRateCard:
		if s.currency == "" {
			return nil
		}
	case KindLegacyLicence, KindLegacyUsage, KindLegacyDaily:
		if !contains(s.Header, "invoiceNumber") && s.Invoice == "" {
			return nil
		}
	default:
	}
	return errEnough
}

// outside takes a member that rows need from outside their list.
func (s *Source) outside(key string, raw []byte) {
	switch key {
	case "currency":
		_ = json.Unmarshal(raw, &s.currency) // a rate card's; of another shape it is not ours
	case "locale":
		var locale string
		if json.Unmarshal(raw, &locale) == nil && strings.Contains(locale, "-") {
			s.market = locale[strings.LastIndexByte(locale, '-')+1:]
		}
	case "links":
		var links struct{ Self struct{ URI string } }
		if json.Unmarshal(raw, &links) != nil {
			return
		}
		parts := strings.Split(strings.Trim(links.Self.URI, "/"), "/")
		if len(parts) > 2 && parts[0] == "invoices" && parts[1] != "unbilled" {
			s.Invoice = parts[1]
		}
	}
}
