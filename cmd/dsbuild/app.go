package main

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
	"github.com/dsbuild/dsbuild/internal/suggest"
)

// newApp returns the program with all of its commands.
func newApp(stdout, stderr io.Writer) *cli.App {
	app := &cli.App{
		Name:      "dsbuild",
		Usage:     "build an image data set and train a network on it",
		UsageText: "dsbuild COMMAND [flags]",
		Description: `Start with one of:
   dsbuild demo
   dsbuild import --from photos --dir pets
   dsbuild init --class cat --class dog --dir pets

Exit codes: 0 success; 1 error; 2 invalid flags or recipe, nothing was done;
3 finished, but some items failed; 130 interrupted.

The environment variable DSBUILD_KERNEL=avx2 turns off AVX-512, and
DSBUILD_KERNEL=generic all vector instructions.`,
		Version:   version(),
		Writer:    stdout,
		ErrWriter: stderr,
		Flags:     globalFlags(),
		Commands:  commands(),
		Before:    checkCall,
		Action:    noCommand,
		// URLs have commas.
		DisableSliceFlagSeparator: true,
		OnUsageError: func(c *cli.Context, err error, _ bool) error {
			return flagError(c.App.Commands, nil, "", err)
		},
		// The library would end the process.
		ExitErrHandler: func(*cli.Context, error) {},
	}
	for _, cmd := range app.Commands {
		complete(cmd)
	}
	return app
}

// commands lists the commands in the order of the work.
func commands() []*cli.Command {
	return []*cli.Command{
		demoCommand(),
		initCommand(),
		runCommand(),
		scrapeCommand(),
		importCommand(),
		curateCommand(),
		splitCommand(),
		packCommand(),
		augmentCommand(),
		trainCommand(),
		evalCommand(),
		predictCommand(),
		modelCommand(),
		statsCommand(),
		benchCommand(),
	}
}

// complete gives a command, and those below it, what all of them have.
func complete(cmd *cli.Command) {
	own := flagNames(cmd.Flags)
	for _, f := range globalFlags() {
		if !slices.Contains(own, f.Names()[0]) {
			cmd.Flags = append(cmd.Flags, f)
		}
	}
	cmd.HideHelpCommand = true // a positional may be called help
	cmd.OnUsageError = func(c *cli.Context, err error, _ bool) error {
		return flagError(nil, cmd, fullName(c), err)
	}
	for _, below := range cmd.Subcommands {
		complete(below)
	}
	action := cmd.Action
	if len(cmd.Subcommands) > 0 {
		action = noSubcommand
	}
	cmd.Action = func(c *cli.Context) error {
		if err := checkPositionals(c); err != nil {
			return err
		}
		return action(c)
	}
}

// fullName returns the name of the command that runs, behind those that it is
// below: bench decode.
func fullName(c *cli.Context) string {
	return strings.TrimPrefix(c.Command.HelpName, c.App.HelpName+" ")
}

// noSubcommand answers a call of a command that only has others below it.
func noSubcommand(c *cli.Context) error {
	return usagef(fullName(c), "which one? %s has these commands: %s", fullName(c),
		strings.Join(namesOf(c.Command.Subcommands), ", "))
}

// noCommand answers a call without a command, or with one that is not there.
func noCommand(c *cli.Context) error {
	if name := c.Args().First(); name != "" {
		return unknownCommand(c, name)
	}
	return usagef("", "which command? There are: %s", strings.Join(namesOf(c.App.Commands), ", "))
}

// checkCall refuses what is wrong with a call of any command: kernels that are not
// there, and help on a command that is not there, to which the library has an exit
// code of its own.
func checkCall(c *cli.Context) error {
	if err := isa.Check(); err != nil {
		return &usageError{"", err}
	}
	topic := c.Args().Get(1)
	isHelp := c.Args().First() == "help" || c.Args().First() == "h"
	if isHelp && topic != "" && c.App.Command(topic) == nil {
		return unknownCommand(c, topic)
	}
	return nil
}

func unknownCommand(c *cli.Context, name string) error {
	return usagef("", "there is no command %q%s", name, suggest.Hint(name, namesOf(c.App.Commands)))
}

func namesOf(commands []*cli.Command) []string {
	var names []string
	for _, cmd := range commands {
		names = append(names, cmd.Name)
	}
	return names
}

// checkPositionals refuses what the flag parser left over. It stops at the
// first word that is no flag, and would ignore the flags behind it.
func checkPositionals(c *cli.Context) error {
	words, takesSome, name := c.Args().Slice(), c.Command.ArgsUsage != "", fullName(c)
	if below := c.Command.Subcommands; len(words) > 0 && len(below) > 0 {
		return usagef(name, "%s has no command %q%s", name, words[0],
			suggest.Hint(words[0], namesOf(below)))
	}
	for _, word := range words {
		isFlag := strings.HasPrefix(word, "-") && word != "-" && !afterDashes(c)
		switch {
		case isFlag && takesSome:
			return usagef(name, "flag %s comes after %q: put flags before the files "+
				"(or -- before files whose names start with a dash)", word, words[0])
		case isFlag:
			return usagef(name, "flag %s comes after %q, which belongs to no flag",
				word, words[0])
		}
	}
	if len(words) > 0 && !takesSome {
		return usagef(name, "%s takes no arguments, but got %q "+
			"(give the data set with --dir)", name, words[0])
	}
	return nil
}

// afterDashes tells whether the positionals follow a --, which lets them
// start with a dash.
func afterDashes(c *cli.Context) bool {
	all := c.Lineage()[1].Args().Slice() // the command's name and what follows it
	before := len(all) - c.NArg() - 1
	return before > 0 && all[before] == "--"
}

const undefinedFlag = "flag provided but not defined: -"

// The parser's words on a value that it cannot read, up to the flag's name and
// behind it.
const (
	missingValue = "flag needs an argument: -"
	invalidBool  = `invalid boolean value "`
	invalidValue = `invalid value "`
	forFlag      = `" for flag -`
	behindFlag   = ": parse error"
	behindLarge  = ": value out of range"
)

// valueError rewords the parser's error on a value that a flag cannot have.
func valueError(err error, flags []cli.Flag) error {
	if name, isMissing := strings.CutPrefix(err.Error(), missingValue); isMissing {
		return fmt.Errorf("--%s needs a value", name)
	}
	if text, isBool := strings.CutPrefix(err.Error(), invalidBool); isBool {
		value, name, _ := strings.Cut(text, `" for -`)
		return fmt.Errorf("--%s is %q, but must be true or false",
			strings.TrimSuffix(name, behindFlag), value)
	}
	text, found := strings.CutPrefix(err.Error(), invalidValue)
	value, text, inMiddle := strings.Cut(text, forFlag)
	if name, isLarge := strings.CutSuffix(text, behindLarge); isLarge && found {
		return fmt.Errorf("--%s is %q, which is out of range", name, value)
	}
	name, isParse := strings.CutSuffix(text, behindFlag)
	if !found || !inMiddle || !isParse {
		return err
	}
	for _, f := range flags {
		if !slices.Contains(f.Names(), name) {
			continue
		}
		switch f.(type) {
		case *cli.IntFlag, *cli.Int64Flag:
			return fmt.Errorf("--%s is %q, but must be a whole number", name, value)
		case *cli.Uint64Flag:
			return fmt.Errorf("--%s is %q, but must be a whole number of 0 or more", name, value)
		case *cli.Float64Flag:
			return fmt.Errorf("--%s is %q, but must be a number such as 0.5", name, value)
		case *cli.DurationFlag:
			return fmt.Errorf("--%s is %q, but must be a time with a unit, such as 30s", name, value)
		}
	}
	return err
}

// flagError rewords the parser's error on the flags of cmd, whose full name is
// command, or of the program itself where cmd is nil.
func flagError(all []*cli.Command, cmd *cli.Command, command string, err error) error {
	name, found := strings.CutPrefix(err.Error(), undefinedFlag)
	name = strings.TrimLeft(name, "-")
	switch {
	case found && cmd != nil:
		return usagef(command, "%s has no flag --%s%s", command, name, hintFlag(name, cmd.Flags))
	case found:
		for _, other := range all {
			if slices.Contains(flagNames(other.Flags), name) {
				return usagef(other.Name, "flag --%s must come after the command: dsbuild %s --%s",
					name, other.Name, name)
			}
		}
		return usagef("", "there is no flag --%s%s", name, hintFlag(name, globalFlags()))
	case cmd != nil:
		return &usageError{command, valueError(err, cmd.Flags)}
	default:
		return &usageError{"", valueError(err, globalFlags())}
	}
}

func flagNames(flags []cli.Flag) []string {
	names := []string{"help"}
	for _, f := range flags {
		names = append(names, f.Names()...)
	}
	return names
}

// hintFlag suggests the flag that was meant.
func hintFlag(name string, flags []cli.Flag) string {
	near := suggest.Nearest(name, flagNames(flags))
	if near == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean --%s?)", near)
}

// version returns the version that the program was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown)"
	}
	return info.Main.Version
}

// joinWords joins the words that are not empty.
func joinWords(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}

// invalid marks what Validate found as a fault of the call.
func invalid(command string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*usageError](err); ok {
		return err
	}
	return &usageError{command, err}
}
