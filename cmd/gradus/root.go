package main

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"gradus/internal/spell"
)

// execute runs the command line and returns the exit code.
func execute(args []string) int {
	return guarded(os.Stderr, func() int { return runCommand(args) })
}

// guarded turns a panic, which is a mistake in this program, into a line and an
// exit code. What was saved by then stays saved.
func guarded(stderr io.Writer, f func() int) (code int) {
	defer func() {
		if v := recover(); v != nil {
			printError(stderr, fmt.Errorf("expected to work, got an internal error: %v; please report it, with what GRADUS_TRACE=1 prints", v))
			if os.Getenv("GRADUS_TRACE") != "" {
				stderr.Write(debug.Stack())
			}
			code = exitFailed
		}
	}()
	return f()
}

func runCommand(args []string) int {
	// A reader that has gone away becomes an error of the write, which is
	// reported like any other, instead of a silent end.
	signal.Ignore(syscall.SIGPIPE)
	root := newRoot()
	root.SetArgs(args)
	if err := root.Execute(); err != nil {
		printError(os.Stderr, err)
		return exitCode(err)
	}
	return exitDone
}

func newRoot() *cobra.Command {
	cobra.EnableCommandSorting = false // the order below is the order of use
	root := &cobra.Command{
		Use:   "gradus",
		Short: "Train, compare and explain small image networks",
		Long: `Gradus trains small image networks, at the speed of the machine and with the same
result every time. MNIST is built in: the first example needs nothing else.

Exit codes: 0 done, 1 failed while running, 2 wrong use, 3 training ended by numbers
that are not finite, 4 some trainings of a sweep failed, 130 interrupted (143 terminated,
129 hung up).`,
		Example: `  gradus train
  gradus train --net plain --depth 1 --batch 64 --lr 0.05 --epochs 5
  gradus summary --depth 3`,
		Version: version(),
		Args:    knownCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		// Without it the usage says [flags], which are --help and --version.
		DisableFlagsInUseLine: true,

		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newTrain(), newSweep(), newFindLR(), newEval(), newPredict(), newExport(), newRuns(), newReproduce(), newSummary(), newData(), newBench())
	root.SetHelpCommand(newHelp(root))
	refuseArgumentsOfCompletion(root)
	return root
}

// knownCommand refuses what is not a command. Cobra asks it for arguments that
// no subcommand took.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	hint := "; gradus help lists the commands"
	if near, ok := spell.Nearest(args[0], names); ok {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return misuse("unknown command %.40q%s", args[0], hint)
}

// flagsOnly refuses arguments.
func flagsOnly(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return misuse("%s: expected flags only, got %.40q", cmd.CommandPath()[len("gradus "):], args[0])
	}
	return nil
}

func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "help [command]",
		Short:   "Explain a command",
		Example: `  gradus help train`,
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return knownCommand(root, args)
			}
			cmd.InitDefaultHelpFlag()
			cmd.InitDefaultVersionFlag()
			return cmd.Help()
		},
	}
}

// refuseArgumentsOfCompletion makes cobra's own command follow the house rules.
func refuseArgumentsOfCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	cmd, _, err := root.Find([]string{"completion"})
	if err != nil {
		return
	}
	cmd.Args = flagsOnly
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	for _, shell := range cmd.Commands() {
		shell.Args = flagsOnly
	}
}
