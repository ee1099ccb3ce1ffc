package reproduce

import (
	"gradus/run"
	"gradus/zoo"
)

// Experiment is a question, the trainings that answer it and what others
// found.
type Experiment struct {
	ID       string
	Title    string
	Question string
	// Rate is whether the cases are learning rates to choose from; NotebookBest
	// is the notebook's choice.
	Rate         bool
	NotebookBest float64
	// Adds is what makes its network train where one without it does not, and
	// Before the experiment to compare with; both are empty for others.
	Adds, Before string
	// Deep is whether the question is if a plain network trains at all.
	Deep  bool
	Cases []Case
}

// Case is one setting of an experiment.
type Case struct {
	Config    run.Config // the seed is that of each run
	Reference Reference
}

// Experiments are those of the problem set, in its order, and two that it asks
// for but the notebook did not do (i, j). "Notebook" is the one run it shows,
// "PyTorch" seeded runs of a faithful replica; all figures are in percent.
func Experiments() []Experiment {
	deep := "0.3x2,0.07x3,0.01x3,0.01x5"
	return []Experiment{
		{
			ID: "a", Title: "Plain, depth 1: a first network",
			Question: "How well does a small convolutional network do with a large learning rate first and a small one later?",
			Cases: []Case{{plain(1, 16, 0, "0.07x2,0.01x3"), Reference{
				FirstTrain: pytorch(10, 8.9, 10.7, 13.6), FirstTest: pytorch(10, 2.7, 3.3, 4.4),
				LastTrain: pytorch(10, 1.13, 1.27, 1.39).notebook(1.34, 1.19), LastTest: pytorch(10, 1.44, 1.60, 1.79).notebook(1.74, 1.56),
				Of: 10,
			}}},
		},
		{
			ID: "b", Title: "Plain, depth 1: larger batches",
			Question: "What do batches of 64 change when nothing else is tuned?",
			Cases: []Case{{plain(1, 64, 0, "0.01x5"), Reference{
				FirstTrain: pytorch(10, 64, 87.6, 88.8).notebook(88.71),
				LastTrain:  pytorch(10, 4.91, 5.70, 7.70).notebook(6.07), LastTest: pytorch(10, 4.54, 5.21, 7.52).notebook(4.81),
				Of: 10,
			}}},
		},
		{
			ID: "c", Title: "Plain, depth 1: momentum",
			Question: "What does momentum change?",
			Cases: []Case{{plain(1, 16, 0.75, "0.01x5"), Reference{
				LastTrain: pytorch(5, 1.72, 1.86, 1.99).notebook(1.89), LastTest: pytorch(5, 1.60, 1.95, 2.41).notebook(2.22),
				Of: 5,
			}}},
		},
		{
			ID: "d", Title: "Which learning rate, without momentum",
			Question: "Which learning rate is best for batches of 64 without momentum?",
			Rate:     true, NotebookBest: 0.07,
			Cases: []Case{
				{plain(1, 64, 0, "0.01x5"), last(2, 5.8, 6.8, 5.0, 6.0)},
				{plain(1, 64, 0, "0.03x5"), last(2, 3.0, 3.2, 3.1, 3.3)},
				{plain(1, 64, 0, "0.05x5"), last(2, 2.5, 2.6, 2.8, 3.0)},
				{plain(1, 64, 0, "0.07x5"), last(2, 2.2, 2.3, 2.4, 2.8)},
			},
		},
		{
			ID: "e", Title: "Which learning rate, with momentum",
			Question: "Which learning rate is best for batches of 16 with momentum 0.75?",
			Rate:     true, NotebookBest: 0.01,
			Cases: []Case{
				{plain(1, 16, 0.75, "0.001x5"), last(2, 4.2, 4.5, 3.7, 4.4)},
				{plain(1, 16, 0.75, "0.005x5"), last(2, 2.1, 2.2, 2.2, 2.4)},
				{plain(1, 16, 0.75, "0.01x5"), last(2, 1.9, 1.9, 2.1, 2.4)},
				{plain(1, 16, 0.75, "0.03x5"), last(2, 2.7, 2.8, 2.6, 4.6)},
			},
		},
		{
			ID: "f", Deep: true, Title: "Plain, depth 3: deeper",
			Question: "Does the network still train when each of its stacks has three convolutions?",
			Cases: []Case{{plain(3, 64, 0, "0.3x2,0.07x3"), Reference{
				LastTrain: pytorch(1, 3.72, 3.72, 3.72).notebook(88.76), LastTest: pytorch(1, 3.02, 3.02, 3.02).notebook(88.65),
				Stuck: 4, Of: 5,
			}}},
		},
		{
			ID: "g", Adds: "residual connections", Before: "f", Title: "Residual, depth 3",
			Question: "Do residual connections rescue the deep network?",
			Cases: []Case{{block(zoo.ResidualNet, 0, deep), Reference{
				// Of the first epoch only figures with a stuck run among them are known.
				LastTrain: pytorch(4, 0.72, 1.01, 1.10).notebook(1.86), LastTest: pytorch(4, 1.65, 1.77, 2.23).notebook(2.64),
				Stuck: 3, Of: 8,
			}}},
		},
		{
			ID: "h", Adds: "the gate", Before: "g", Title: "Gated, depth 3",
			Question: "Is it better to let the data decide, element by element, how much of each branch passes?",
			Cases: []Case{{block(zoo.GatedNet, 0, deep), Reference{
				FirstTrain: pytorch(3, 17.5, 18.9, 21.5),
				LastTrain:  pytorch(3, 0.30, 0.34, 0.36).notebook(0.25), LastTest: pytorch(3, 1.10, 1.13, 1.26).notebook(1.25),
				Of: 3,
			}}},
		},
		{
			ID: "i", Adds: "the convex weight from alpha 0", Before: "g", Title: "Convex, depth 3, both branches alike",
			Question: "What does a trainable convex combination of the branches do when it begins in the middle (alpha 0)?",
			Cases: []Case{{withAlpha(block(zoo.ConvexNet, 0, deep), 0), Reference{
				Always: true, LastTrain: pytorch(0, 88.76, 88.76, 88.76), LastTest: pytorch(0, 88.65, 88.65, 88.65),
			}}},
		},
		{
			ID: "j", Adds: "the convex weight from alpha -2", Before: "g", Title: "Convex, depth 3, mostly the shortcut",
			Question: "And when it begins near the shortcut (alpha -2, a weight of 0.12 for the convolution), with momentum?",
			Cases: []Case{{withAlpha(block(zoo.ConvexNet, 0.9, "0.05x5"), -2), Reference{
				LastTrain: pytorch(2, 2.58, 0, 31.85), LastTest: pytorch(2, 2.34, 0, 8.86),
				Of: 2,
			}}},
		},
	}
}

func plain(depth, batch int, momentum float64, schedule string) run.Config {
	c := run.DefaultConfig()
	c.Depth, c.Batch, c.Momentum, c.Schedule = depth, batch, momentum, &schedule
	return c
}

// block is a network of blocks, with the depth and batch of all their
// experiments.
func block(net string, momentum float64, schedule string) run.Config {
	c := plain(3, 64, momentum, schedule)
	c.Net = net
	return c
}

func withAlpha(c run.Config, alpha float64) run.Config {
	c.Alpha = &alpha
	return c
}
