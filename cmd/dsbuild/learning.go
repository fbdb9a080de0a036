package main

import (
	"cmp"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/train"
	"github.com/dsbuild/dsbuild/train/engine"
)

// howLearned is the category of the flags for how weights are moved.
const howLearned = "how the network learns:"

// learningFlags are those for how weights are moved.
func learningFlags() []cli.Flag {
	flags := []cli.Flag{
		&cli.StringFlag{Name: "optimizer", DefaultText: "adamw", Usage: "`NAME`: adamw or sgd"},
		&cli.Float64Flag{Name: "learning-rate", DefaultText: "depends on network and optimizer",
			Usage: "peak learning `RATE`"},
		&cli.Float64Flag{Name: "momentum", DefaultText: "0.9", Usage: "momentum `M` of sgd"},
		&cli.Float64Flag{Name: "weight-decay", DefaultText: "0.01 for adamw, 0.0005 for sgd",
			Usage: "weight decay `RATE`"},
		&cli.BoolFlag{Name: "decay-all", DisableDefaultText: true,
			Usage: "apply weight decay to biases and batch norms as well"},
		&cli.StringFlag{Name: "schedule", DefaultText: "one-cycle",
			Usage: "learning rate schedule `NAME`: one-cycle, cosine, step or constant"},
		&cli.Float64Flag{Name: "warmup",
			DefaultText: "30% of the run for one-cycle, 5% for cosine and step",
			Usage:       "raise the learning rate over the first `N` epochs, such as 0.5"},
		&cli.StringFlag{Name: "milestones", DefaultText: "every --step-size epochs",
			Usage: "`LIST` of epochs after which --schedule step lowers the learning rate"},
		number(cli.IntFlag{Name: "step-size", DefaultText: "a third of the epochs",
			Usage: "with --schedule step, lower the learning rate every `N` epochs"}),
		&cli.Float64Flag{Name: "gamma", DefaultText: "0.1",
			Usage: "`FACTOR` by which --schedule step lowers the learning rate"},
		number(cli.IntFlag{Name: "accumulate", DefaultText: "1",
			Usage: "average the gradients of `N` batches for each step"}),
		&cli.Float64Flag{Name: "clip-norm", DefaultText: "none",
			Usage: "clip the norm of the gradients to `NORM`"},
		&cli.Float64Flag{Name: "label-smoothing", DefaultText: "0.05",
			Usage: "label smoothing `EPSILON`"},
		&cli.Float64Flag{Name: "ema", DefaultText: "none",
			Usage: "keep a moving average of the weights, with `DECAY` such as 0.999"},
		&cli.BoolFlag{Name: "exact", DisableDefaultText: true,
			Usage: "do without Winograd convolutions, which are faster but less exact"},
		&cli.StringFlag{Name: "precision", DefaultText: "f32",
			Usage: "`TYPE` to multiply in: f32, or bf16 where faster (eval and predict use f32)"},
	}
	for _, flag := range flags {
		setCategory(flag, howLearned)
	}
	return flags
}

// setCategory puts a flag under a heading of the help.
func setCategory(flag cli.Flag, category string) {
	switch flag := flag.(type) {
	case *cli.StringFlag:
		flag.Category = category
	case *cli.IntFlag:
		flag.Category = category
	case *cli.Float64Flag:
		flag.Category = category
	case *cli.BoolFlag:
		flag.Category = category
	}
}

// learningOptions puts the flags for how weights are moved over the recipe's.
func learningOptions(c *cli.Context, l *train.Learning) error {
	bind(c, "optimizer", &l.Optimizer, c.String)
	bind(c, "learning-rate", &l.LearningRate, c.Float64)
	if c.IsSet("learning-rate") && l.LearningRate == 0 {
		return usagef("train", "--learning-rate is 0, but must be above 0")
	}
	for name, option := range map[string]*float64{
		"momentum": &l.Momentum, "weight-decay": &l.WeightDecay, "warmup": &l.Warmup,
		"clip-norm": &l.ClipNorm, "label-smoothing": &l.LabelSmoothing, "ema": &l.EMA,
	} {
		bind(c, name, option, c.Float64)
		if c.IsSet(name) && *option == 0 {
			*option = -1 // none, for which 0 stands in a flag
		}
	}
	bind(c, "decay-all", &l.DecayAll, c.Bool)
	bind(c, "schedule", &l.Schedule, c.String)
	if c.IsSet("milestones") {
		var err error
		if l.Milestones, err = parseList(c.String("milestones")); err != nil {
			return usagef("train", "--milestones: %w", err)
		}
		l.StepSize = 0 // the recipe's
	} else if c.IsSet("step-size") {
		l.Milestones = nil
	}
	bind(c, "step-size", &l.StepSize, c.Int)
	bind(c, "gamma", &l.Gamma, c.Float64)
	bind(c, "accumulate", &l.Accumulate, c.Int)
	bind(c, "exact", &l.Exact, c.Bool)
	precision := string(l.Precision)
	bind(c, "precision", &precision, c.String)
	l.Precision = engine.Precision(precision)
	return contradiction(c, *l)
}

// contradiction tells of flags that nothing would come of.
func contradiction(c *cli.Context, l train.Learning) error {
	schedule, optimizer := cmp.Or(l.Schedule, "one-cycle"), cmp.Or(l.Optimizer, "adamw")
	for _, name := range []string{"milestones", "step-size", "gamma"} {
		if c.IsSet(name) && schedule != "step" {
			return usagef("train", "--%s needs --schedule step, but the schedule is %s", name, schedule)
		}
	}
	switch {
	case c.IsSet("momentum") && optimizer != "sgd":
		return usagef("train", "--momentum needs --optimizer sgd, but the optimizer is %s", optimizer)
	case c.IsSet("milestones") && c.IsSet("step-size"):
		return usagef("train", "--milestones and --step-size exclude each other: give only one")
	case c.IsSet("gamma") && l.Gamma == 0:
		return usagef("train", "--gamma is 0, but must be above 0")
	}
	return nil
}
