package main

import (
	"cmp"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/train"
	"github.com/dsbuild/dsbuild/train/engine"
)

// howLearned is the category of the flags for how weights are moved.
const howLearned = "for how it learns:"

// learningFlags are those for how weights are moved.
func learningFlags() []cli.Flag {
	flags := []cli.Flag{
		&cli.StringFlag{Name: "optimizer", DefaultText: "adamw", Usage: "`NAME`: adamw or sgd"},
		&cli.Float64Flag{Name: "learning-rate", DefaultText: "by network and optimizer: 0.01, …",
			Usage: "highest `RATE`"},
		&cli.Float64Flag{Name: "momentum", DefaultText: "0.9", Usage: "`SHARE` that sgd keeps"},
		&cli.Float64Flag{Name: "weight-decay", DefaultText: "0.01, of sgd 0.0005",
			Usage: "`RATE` of weight decay"},
		&cli.BoolFlag{Name: "decay-all", DisableDefaultText: true,
			Usage: "let biases and batch norms decay as well"},
		&cli.StringFlag{Name: "schedule", DefaultText: "one-cycle",
			Usage: "`NAME` of how the rate changes: one-cycle, cosine, step or constant"},
		&cli.Float64Flag{Name: "warmup", DefaultText: "0.3 of all, and but for one-cycle a twentieth",
			Usage: "let the rate rise over `N` epochs, such as 0.5"},
		&cli.StringFlag{Name: "milestones", DefaultText: "every step-size",
			Usage: "`LIST` of epochs after which the schedule step lowers the rate"},
		&cli.IntFlag{Name: "step-size", DefaultText: "a third of the epochs",
			Usage: "lower the rate every `N` epochs in the schedule step"},
		&cli.Float64Flag{Name: "gamma", DefaultText: "0.1",
			Usage: "`FACTOR` by which the schedule step lowers the rate"},
		&cli.IntFlag{Name: "accumulate", DefaultText: "1",
			Usage: "make a step of the gradients of `N` batches"},
		&cli.Float64Flag{Name: "clip-norm", DefaultText: "none",
			Usage: "shorten gradients to the `LENGTH`"},
		&cli.Float64Flag{Name: "label-smoothing", DefaultText: "0.05",
			Usage: "`SHARE` of each picture that is of all classes alike"},
		&cli.Float64Flag{Name: "ema", DefaultText: "none",
			Usage: "keep a moving average of the weights, of which each step leaves the `SHARE`"},
		&cli.BoolFlag{Name: "exact", DisableDefaultText: true,
			Usage: "leave out convolutions that are faster and round more"},
		&cli.StringFlag{Name: "precision", DefaultText: "f32",
			Usage: "`NAME` of the numbers that are multiplied: f32 or bf16 (eval and predict take f32)"},
	}
	for _, flag := range flags {
		switch flag := flag.(type) {
		case *cli.StringFlag:
			flag.Category = howLearned
		case *cli.IntFlag:
			flag.Category = howLearned
		case *cli.Float64Flag:
			flag.Category = howLearned
		case *cli.BoolFlag:
			flag.Category = howLearned
		}
	}
	return flags
}

// learningOptions puts the flags for how weights are moved over the recipe's.
func learningOptions(c *cli.Context, l *train.Learning) error {
	bind(c, "optimizer", &l.Optimizer, c.String)
	bind(c, "learning-rate", &l.LearningRate, c.Float64)
	if c.IsSet("learning-rate") && l.LearningRate == 0 {
		return usagef("train", "learning-rate is 0, at which nothing is learned")
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
			return usagef("train", "milestones: %w", err)
		}
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
			return usagef("train", "%s is for the schedule step, and the schedule is %s", name, schedule)
		}
	}
	switch {
	case c.IsSet("momentum") && optimizer != "sgd":
		return usagef("train", "momentum is for the optimizer sgd, and the optimizer is %s", optimizer)
	case c.IsSet("milestones") && c.IsSet("step-size"):
		return usagef("train", "milestones and step-size say the same in two ways: leave one out")
	case c.IsSet("gamma") && l.Gamma == 0:
		return usagef("train", "gamma is 0, at which nothing is learned behind the first milestone")
	}
	return nil
}
