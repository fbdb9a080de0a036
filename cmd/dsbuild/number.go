package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

// number returns a flag that takes whole numbers of 1 or more. What it stands for
// when it is left out has no number: a 0 would be taken for that.
func number(f cli.IntFlag) *cli.IntFlag {
	f.Action = func(c *cli.Context, n int) error {
		if n < 1 {
			return usagef(fullName(c), "--%s is %d, but must be at least 1", f.Name, n)
		}
		return nil
	}
	return &f
}

// byFlag puts the flag into the place of the option that an error starts with, if
// the flag was given: --batch-size for batch_size.
func byFlag(c *cli.Context, err error) error {
	option, rest, _ := strings.Cut(err.Error(), " ")
	flag := strings.ReplaceAll(option, "_", "-")
	if !c.IsSet(flag) {
		return err
	}
	// A recipe says none with a number below 0, since 0 stands for the default.
	rest = strings.Replace(rest, "(below 0 for none)", "(0 for none)", 1)
	return fmt.Errorf("--%s %s", flag, rest)
}
