package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/train"
	"github.com/dsbuild/dsbuild/train/model"
	"github.com/dsbuild/dsbuild/train/nn"
)

func modelCommand() *cli.Command {
	return &cli.Command{
		Name:  "model",
		Usage: "show the layers of a network and count its parameters",
		Description: `Prints the name, output size and number of parameters of each layer. If the data
set in --dir has been split, settings that you leave out are those that training
would choose; otherwise they are 64 pixels and 10 classes.

Examples:
   dsbuild model --name cnn --xdim 28 --channels 1 --cdims 32,64 --hdims 128
   dsbuild model --name resnet18 --xdim 224 --classes 1000
   dsbuild model --dir pets`,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "name", DefaultText: "cnn",
				Usage: "`NAME` of the network: " + strings.Join(model.Names(), ", ")},
			number(cli.IntFlag{Name: "classes", DefaultText: autoText,
				Usage: "number of classes, `N`"}),
		}, modelFlags()...),
		Action: func(c *cli.Context) error {
			s, err := readSetting(c)
			if err != nil {
				return err
			}
			o := s.recipe.Train.Model
			chooseModel(c, "name", &o)
			bind(c, "classes", &o.Classes, c.Int)
			if err := modelOptions(c, &o); err != nil {
				return err
			}
			options := s.recipe.Train
			options.Model = o
			if err := options.Validate(); err != nil {
				return invalid("model", byFlag(c, err))
			}
			return runModel(s, o)
		},
	}
}

// autoText is the default of what depends on the data set.
const autoText = "chosen from the data"

// modelFlags are those of a network's shape.
func modelFlags() []cli.Flag {
	return []cli.Flag{
		number(cli.IntFlag{Name: "xdim", DefaultText: autoText, Usage: "image width in `PIXELS`"}),
		number(cli.IntFlag{Name: "ydim", DefaultText: "xdim", Usage: "image height in `PIXELS`"}),
		number(cli.IntFlag{Name: "channels", DefaultText: autoText,
			Usage: "number of image channels, `N`: 1 for gray, 3 for colour"}),
		&cli.StringFlag{Name: "cdims", DefaultText: "32,64,… depending on the image size",
			Usage: "`LIST` of the output channels of cnn's convolutions"},
		&cli.StringFlag{Name: "hdims", DefaultText: "128",
			Usage: "`LIST` of the sizes of cnn's hidden linear layers"},
		&cli.BoolFlag{Name: "hnorm", DefaultText: "true in training",
			Usage: "add batch norm after each hidden linear layer of cnn"},
		number(cli.IntFlag{Name: "ksize", DefaultText: "3",
			Usage: "kernel size of cnn's convolutions in `PIXELS`, an odd number"}),
		&cli.Float64Flag{Name: "dropout", DefaultText: "0.1 for cnn, as published for the others",
			Usage: "dropout `RATE`"},
	}
}

// modelOptions puts the flags of a network's shape over the recipe's.
func modelOptions(c *cli.Context, o *model.Options) error {
	bind(c, "xdim", &o.XDim, c.Int)
	bind(c, "ydim", &o.YDim, c.Int)
	bind(c, "channels", &o.Channels, c.Int)
	bind(c, "ksize", &o.KSize, c.Int)
	if c.IsSet("hnorm") {
		isNormed := c.Bool("hnorm")
		o.HNorm = &isNormed
	}
	bind(c, "dropout", &o.Dropout, c.Float64)
	if c.IsSet("dropout") && o.Dropout == 0 {
		o.Dropout = -1 // none, for which 0 stands in a flag
	}
	for name, list := range map[string]*[]int{"cdims": &o.CDims, "hdims": &o.HDims} {
		if !c.IsSet(name) {
			continue
		}
		var err error
		if *list, err = parseList(c.String(name)); err != nil {
			return usagef(c.Command.Name, "--%s: %w", name, err)
		}
	}
	return nil
}

// chooseModel puts the network that a flag names over the recipe's. The sizes that
// the recipe gives to another one go with it.
func chooseModel(c *cli.Context, flag string, o *model.Options) {
	const usual = "cnn"
	before := cmp.Or(o.Name, usual)
	bind(c, flag, &o.Name, c.String)
	if cmp.Or(o.Name, usual) != before {
		o.CDims, o.HDims, o.HNorm, o.KSize, o.Dropout = nil, nil, nil, 0, 0
	}
}

// parseList reads numbers separated by commas.
func parseList(text string) ([]int, error) {
	var list []int
	for _, word := range strings.Split(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil {
			return nil, fmt.Errorf("%q is not a list of numbers such as 32,64", text)
		}
		list = append(list, n)
	}
	return list, nil
}

// completeModel fills in what is left open: by the data set, if it has been
// split.
func completeModel(s setting, o model.Options) (model.Options, error) {
	const usualSide, usualClasses = 64, 10
	options := s.recipe.Train
	options.Model = o
	options.Model.Classes = 0 // any number may be asked for
	chosen, err := train.Choose(s.dir, options)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		o.XDim, o.Classes = cmp.Or(o.XDim, usualSide), cmp.Or(o.Classes, usualClasses)
		return o.WithDefaults(), nil
	case err != nil:
		return o, err
	case o.Classes != 0:
		chosen.Model.Classes = o.Classes
	}
	return chosen.Model, nil
}

// runModel shows a network's layers.
func runModel(s setting, o model.Options) error {
	o, err := completeModel(s, o)
	if err != nil {
		return err
	}
	graph, err := model.Build(o)
	if err != nil {
		return invalid("model", err)
	}
	summary := struct {
		Name string `json:"name"`
		nn.Summary
	}{o.Name, graph.Summary()}
	return s.result(summary, func(w io.Writer) { writeModel(w, graph.Input(), summary.Summary) })
}

func writeModel(w io.Writer, input nn.Shape, summary nn.Summary) {
	var t table
	t.row("layer", "kind", "output", "parameters")
	t.row("input", "", sizeOf(input), "")
	for _, layer := range summary.Layers {
		t.row(layer.Name, layer.Kind, sizeOf(layer.Output), layer.Parameters)
	}
	t.row("total", "", "", summary.Parameters)
	t.write(w)
}

// sizeOf returns 64x64x3.
func sizeOf(shape []int) string {
	var words []string
	for _, n := range shape {
		words = append(words, strconv.Itoa(n))
	}
	return strings.Join(words, "x")
}
