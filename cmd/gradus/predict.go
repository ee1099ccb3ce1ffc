package main

import (
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gradus/data/picture"
	"gradus/data/source"
)

type predictCommand struct {
	trained trainedFlags
	top     int
	invert  string
	raw     bool
	show    bool
	json    bool
}

func newPredict() *cobra.Command {
	p := &predictCommand{trained: newTrainedFlags(), top: 3, invert: "auto"}
	cmd := &cobra.Command{
		Use:   "predict FILE...",
		Short: "Say what images show",
		Long: `Apply a trained network to images and print the likeliest classes.

A file is a PNG or JPEG image, an IDX file of images, packed by gzip or not, or a .npy
file; - is standard input. Networks of handwriting see what MNIST has: what is drawn is
told from its background, made light on black, fitted into the image's middle square
and centred. One image should show one digit. --show draws what the network saw.

Images of IDX and .npy files that have the network's size are taken as they are, and
with --raw all images are.`,
		Example: `  gradus predict --run runs/first seven.png
  gradus predict --run runs/first --show --top 5 *.jpg
  gradus predict --run runs/first --json t10k-images-idx3-ubyte.gz
  gradus predict --weights plain.safetensors --net plain - < digits.npy`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misuse("predict: expected files of images, got none; - is standard input")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return p.run(cmd, args) },
	}
	p.trained.bind(cmd)
	f := cmd.Flags()
	f.Var(intValue(&p.top), "top", "classes to print of each image")
	f.StringVar(&p.invert, "invert", p.invert, "exchange light and dark: auto, yes or no; auto looks at the image's border")
	f.BoolVar(&p.raw, "raw", false, "take pixels as they are; images must have the network's size")
	f.BoolVar(&p.show, "show", false, "draw what the network saw")
	f.BoolVar(&p.json, "json", false, "print a JSON object per image, a line each, with the logits")
	complete(cmd, "top", cobra.ShellCompDirectiveNoFileComp)
	complete(cmd, "invert", cobra.ShellCompDirectiveNoFileComp, "auto", "yes", "no")
	return cmd
}

// check refuses flags that do not go together, and returns what --invert says.
func (p *predictCommand) check(flags *pflag.FlagSet, files []string) (picture.Invert, error) {
	if err := p.trained.check(flags); err != nil {
		return 0, err
	}
	invert, ok := map[string]picture.Invert{"auto": picture.Auto, "yes": picture.Always, "no": picture.Never}[p.invert]
	inputs := 0
	for _, f := range files {
		if f == "-" {
			inputs++
		}
	}
	switch {
	case p.top < 1:
		return 0, misuse("top: expected at least 1, got %d", p.top)
	case !ok:
		return 0, misuse("invert: expected auto, yes or no, got %.40q", p.invert)
	case p.raw && flags.Changed("invert"):
		return 0, misuse("raw: expected raw or invert, got both")
	case p.show && p.json:
		return 0, misuse("show: expected show or json, got both")
	case inputs > 1:
		return 0, misuse("-: expected standard input once, got it %d times", inputs)
	}
	return invert, nil
}

func (p *predictCommand) run(cmd *cobra.Command, files []string) error {
	invert, err := p.check(cmd.Flags(), files)
	if err != nil {
		return err
	}
	t, err := p.trained.open()
	if err != nil {
		return err
	}
	images, err := picture.ReadSamples(cmd.InOrStdin(), files, picture.Options{
		Shape: t.Data.Shape, Style: source.Style(t.Config.Data), Invert: invert, Raw: p.raw,
	})
	if err != nil {
		return err
	}
	network, err := predictor(t)
	if err != nil {
		return misuseError{err}
	}
	defer network.Close()
	logits, err := network.Apply(images.Pixels)
	if err != nil {
		return err
	}
	list := predictions(t, images, logits, p.top)
	if p.json {
		return writePredictions(cmd.OutOrStdout(), list)
	}
	if err := writeLine(cmd.OutOrStdout(), predictionsText(list)); err != nil || !p.show {
		return err
	}
	_, err = io.WriteString(cmd.OutOrStdout(), "\n"+drawn(t, images, list))
	return unwritten(err)
}
