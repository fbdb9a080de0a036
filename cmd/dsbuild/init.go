package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"text/template"

	_ "embed"

	"github.com/urfave/cli/v2"
	"go.yaml.in/yaml/v3"

	"github.com/dsbuild/dsbuild/dataset"
)

func initCommand() *cli.Command {
	return &cli.Command{
		Name:  "init",
		Usage: "write a recipe to start from",
		Description: `Writes dsbuild.yaml into the data set's folder, with every setting explained. The
commands use these settings where no flag overrides them. An existing recipe is not
changed.

Example:
   dsbuild init --dir pets --class cat --class dog`,
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "class", Usage: "class `NAME` to collect (repeatable)"},
		},
		Action: func(c *cli.Context) error {
			return runInit(bareSetting(c), c.StringSlice("class"), nearest(c, "seed").Uint64("seed"))
		},
	}
}

//go:embed recipe.yaml.tmpl
var recipeText string

// An initResult tells which recipe was written.
type initResult struct {
	Recipe  string   `json:"recipe"`
	Classes []string `json:"classes"`
}

// runInit writes the recipe of a new data set.
func runInit(s setting, classes []string, seed uint64) error {
	for _, class := range classes {
		if err := dataset.CheckLabel(class); err != nil {
			return invalid("init", fmt.Errorf("class: %w", err))
		}
	}
	text, err := fillTemplate(recipeText, struct {
		Classes []string
		Seed    uint64
	}{classes, seed})
	if err != nil {
		return err
	}
	path := s.dir.Recipe()
	err = s.create(func() error {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(err, fmt.Errorf("%s already exists and was not changed", path))
		}
		return dataset.WriteFile(path, func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		})
	})
	if err != nil {
		return err
	}
	result := initResult{path, append([]string{}, classes...)}
	err = s.result(result, func(w io.Writer) { fmt.Fprintf(w, "wrote %s\n", path) })
	if err != nil {
		return err
	}
	s.advise("next: read it, then: %s", s.command("run"))
	return nil
}

// fillTemplate fills the template of a recipe.
func fillTemplate(text string, values any) ([]byte, error) {
	t, err := template.New("recipe").Funcs(template.FuncMap{"yaml": yamlText}).Parse(text)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, values)
	return b.Bytes(), err
}

// yamlText returns a text as YAML writes it: quoted where it must be, as in
// "no" or "1".
func yamlText(text string) (string, error) {
	out, err := yaml.Marshal(text)
	return strings.TrimSpace(string(out)), err
}
