package ingest

// The constructors and modifiers below keep the column tables one line a column.

func text(name string, aliases ...string) Column {
	return Column{Name: name, Type: Text, Aliases: aliases}
}

func decimal(name string, aliases ...string) Column {
	return Column{Name: name, Type: Decimal, Aliases: aliases}
}

func date(name string, aliases ...string) Column {
	return Column{Name: name, Type: Date, Aliases: aliases}
}

func timestamp(name string, aliases ...string) Column {
	return Column{Name: name, Type: Timestamp, Aliases: aliases}
}

func boolean(name string, aliases ...string) Column {
	return Column{Name: name, Type: Bool, Aliases: aliases}
}

// derived is a column that files do not spell.
func derived(name string, t Type) Column { return Column{Name: name, Type: t, Derived: true} }

func (c Column) key() Column { c.Key = true; return c }

func (c Column) required() Column { c.Key, c.Required = true, true; return c }

func (c Column) clean(f func(string) (string, error)) Column { c.Clean = f; return c }

// percent adds the spellings of v1 JSON: a rate from 0 to 1, and a flag.
func (c Column) percent(fraction string, flags ...string) Column {
	c.Fractions, c.Flags = []string{fraction}, flags
	return c
}

// respell gives columns other spellings and other keys: what a kind does not name is derived, that is empty.
func respell(columns []Column, spellings map[string][]string, required, keys []string) []Column {
	for i := range columns {
		c := &columns[i]
		names, ok := spellings[c.Name]
		c.Aliases, c.Fractions, c.Flags = names, nil, nil
		c.Derived = !ok
		c.Required = contains(required, c.Name)
		c.Key = c.Required || contains(keys, c.Name)
	}
	return columns
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}
