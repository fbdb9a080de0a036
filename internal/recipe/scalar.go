package recipe

import (
	"fmt"
	"math"
	"reflect"
	"time"

	"go.yaml.in/yaml/v3"
)

// scalar fills a text, number or truth value, or an interface with whatever
// the node holds.
func (d *decoder) scalar(key string, node *yaml.Node, v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if err := node.Decode(v.Addr().Interface()); err != nil {
			d.fault(key, node, ": %v", err)
		}
		return
	case reflect.String:
		if node.Kind == yaml.ScalarNode { // 007 and true are fine class names
			v.SetString(node.Value)
			return
		}
	case reflect.Bool, reflect.Float32, reflect.Float64:
		if node.Kind == yaml.ScalarNode && node.Decode(v.Addr().Interface()) == nil {
			return
		}
	default:
		if v.CanInt() || v.CanUint() {
			if node.Kind == yaml.ScalarNode && isWhole(node) &&
				node.Decode(v.Addr().Interface()) == nil {
				return
			}
			break
		}
		d.fault(key, node, " is read into %s, which recipes cannot fill", v.Type())
		return
	}
	d.fault(key, node, " is %s, not %s", describe(node), kindName(v))
}

// isWhole tells whether a number has no fraction, as 1e6 has none. The YAML
// package would cut fractions off.
func isWhole(node *yaml.Node) bool {
	if node.ShortTag() != "!!float" {
		return true
	}
	var f float64
	return node.Decode(&f) == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53
}

// duration reads a duration with its unit, or 0.
func (d *decoder) duration(key string, node *yaml.Node, v reflect.Value) {
	if node.Kind == yaml.ScalarNode {
		if value, err := time.ParseDuration(node.Value); err == nil {
			v.SetInt(int64(value))
			return
		}
	}
	d.fault(key, node, " is %s, not a time with its unit, such as 30s or 1m30s", describe(node))
}

// describe says what a node is.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys with values"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!int", "!!float", "!!bool":
		return fmt.Sprintf("%.40s", n.Value)
	}
	if len(n.Value) > 40 {
		return fmt.Sprintf("%.40q…", n.Value)
	}
	return fmt.Sprintf("%q", n.Value)
}

// kindName names what a value can hold.
func kindName(v reflect.Value) string {
	switch {
	case v.Kind() == reflect.Bool:
		return "true or false"
	case v.CanFloat():
		return "a number"
	case v.CanInt() && v.Type().Bits() == 64:
		return "a whole number"
	case v.CanInt():
		top := int64(1)<<(v.Type().Bits()-1) - 1
		return fmt.Sprintf("a whole number from %d to %d", -top-1, top)
	case v.CanUint() && v.Type().Bits() == 64:
		return "a whole number of 0 or more"
	case v.CanUint():
		return fmt.Sprintf("a whole number from 0 to %d", uint64(1)<<v.Type().Bits()-1)
	}
	return "a text"
}
