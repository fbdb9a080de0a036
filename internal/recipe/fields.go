package recipe

import (
	"reflect"
	"strings"
)

// fieldsOf returns the fields of a struct that a recipe can set, by key, and
// the keys in the struct's order.
func fieldsOf(v reflect.Value) (fields map[string]reflect.Value, keys []string) {
	fields = map[string]reflect.Value{}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		tag := field.Tag.Get("yaml")
		name, flags, _ := strings.Cut(tag, ",")
		isInline := strings.Contains(","+flags+",", ",inline,")
		switch {
		case tag == "-" || (!field.IsExported() && !isInline):
			continue
		case isInline && field.Type.Kind() == reflect.Struct:
			inner, innerKeys := fieldsOf(v.Field(i))
			for _, key := range innerKeys {
				fields[key] = inner[key]
			}
			keys = append(keys, innerKeys...)
			continue
		case name == "":
			name = strings.ToLower(field.Name)
		}
		fields[name] = v.Field(i)
		keys = append(keys, name)
	}
	return fields, keys
}
