package apply

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode"

	"github.com/dsbuild/dsbuild/pixel"
)

// A Step is one step of a drawn plan with every parameter, for people and
// machines to read.
type Step struct {
	// Name is what the step does, such as "crop" or "imaging.blur".
	Name       string
	Parameters []Parameter
}

// A Parameter is a number, a text, a list of numbers, or the chains of an
// AugMix.
type Parameter struct {
	Name  string
	Value any
}

// Describe returns the steps of a plan. What it returns shares no memory with
// the plan.
func Describe(plan pixel.Plan) []Step {
	steps := make([]Step, len(plan.Steps))
	for i, step := range plan.Steps {
		steps[i] = describe(reflect.ValueOf(step).Elem())
	}
	return steps
}

// DescribeMix returns the layers of a mix.
func DescribeMix(mix pixel.Mix) []Step {
	steps := make([]Step, len(mix.Layers))
	for i, layer := range mix.Layers {
		r := layer.Region
		steps[i] = Step{"layer", []Parameter{
			{"image", layer.Image}, {"x", r.Min.X}, {"y", r.Min.Y}, {"w", r.Dx()}, {"h", r.Dy()},
			{"cut", layer.Cut}, {"weight", layer.Weight},
		}}
	}
	return steps
}

// describe returns a step by its type's name and its exported fields.
func describe(v reflect.Value) Step {
	t := v.Type()
	name := lower(t.Name())
	if room := t.PkgPath()[strings.LastIndex(t.PkgPath(), "/")+1:]; room != "pixel" {
		name = room + "." + name
	}
	step := Step{Name: name, Parameters: []Parameter{}}
	for i := range t.NumField() {
		field := v.Field(i)
		isOpen := field.IsZero() && (field.Kind() == reflect.Pointer || field.Kind() == reflect.String)
		if !t.Field(i).IsExported() || isOpen {
			continue
		}
		step.Parameters = append(step.Parameters, Parameter{lower(t.Field(i).Name), value(field)})
	}
	return step
}

// value returns a copy of a field's value.
func value(field reflect.Value) any {
	if chains, ok := field.Interface().([]pixel.Chain); ok {
		ways := make([]Chain, len(chains))
		for i, c := range chains {
			ways[i] = Chain{c.Weight, Describe(c.Plan)}
		}
		return ways
	}
	switch field.Kind() {
	case reflect.Pointer:
		return value(field.Elem())
	case reflect.Array:
		values := make([]any, field.Len())
		for i := range values {
			values[i] = value(field.Index(i))
		}
		return values
	case reflect.String:
		return field.String()
	}
	return field.Interface()
}

// A Chain is one of the ways through an AugMix.
type Chain struct {
	Weight float64 `json:"weight"`
	Steps  []Step  `json:"steps"`
}

// lower returns the name of a Go field as recipes would write it: MaxSize is
// max_size, W is w, JPEG is jpeg.
func lower(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 && unicode.IsLower(runes[i-1]) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// MarshalJSON writes the step as one object: its name as "step", then its
// parameters in their order.
func (s Step) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	for i, p := range append([]Parameter{{"step", s.Name}}, s.Parameters...) {
		value, err := json.Marshal(p.Value)
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", p.Name, s.Name, err)
		}
		fmt.Fprintf(&b, "%c%q:%s", "{,"[min(i, 1)], p.Name, value)
	}
	return []byte(b.String() + "}"), nil
}

// String returns the step on one line: "crop x 10 y 20 w 200 …".
func (s Step) String() string {
	var b strings.Builder
	b.WriteString(s.Name)
	for _, p := range s.Parameters {
		switch v := p.Value.(type) {
		case []Chain:
			for _, c := range v {
				fmt.Fprintf(&b, " [weight %v: %s]", c.Weight, Join(c.Steps))
			}
		case string:
			fmt.Fprintf(&b, " %s %s", p.Name, v)
		default:
			fmt.Fprintf(&b, " %s %v", p.Name, v)
		}
	}
	return b.String()
}

// Join returns steps on one line.
func Join(steps []Step) string {
	texts := make([]string, len(steps))
	for i, s := range steps {
		texts[i] = s.String()
	}
	if len(texts) == 0 {
		return "as it is"
	}
	return strings.Join(texts, "; ")
}
