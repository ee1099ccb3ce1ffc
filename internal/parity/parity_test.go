package parity_test

import (
	"testing"

	"gradus/internal/parity"
)

// What devices have to do with parity is tested by the devices; these two look
// at programs before any device does.

func TestModels(t *testing.T)   { parity.Models(t) }
func TestRefusals(t *testing.T) { parity.Refusals(t) }
