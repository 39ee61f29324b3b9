package judge

import (
	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/internal/plan"
)

// A FeatureFile is a feature file with the rows of a platform: its name, such as receiver/stories.feature, its text,
// and how many scenarios it has.
type FeatureFile = plan.File

// A Difference is where a feature file is not what the catalogue gives: the file, the line, what is there and what
// should be.
type Difference = plan.Difference

// Features returns the features with the rows of a platform, at whatever revision: a row for each event of its
// catalogue and each story that it can tell. godog runs those in receiver with Steps, and those in sender with
// SenderSteps.
func Features(p *contract.Platform) ([]FeatureFile, error) { return plan.Features(p) }

// WriteFeatures writes the features of a platform below a folder, each file whole or not at all. Unless it is forced,
// it writes nothing if a file is there already that differs: the error then has a *Difference for each.
func WriteFeatures(dir string, p *contract.Platform, force bool) error {
	files, err := plan.Features(p)
	if err != nil {
		return err
	}
	return plan.Write(dir, files, force)
}

// CheckFeatures compares the files below a folder with those that WriteFeatures writes. The error has a *Difference for
// each that is not the same.
func CheckFeatures(dir string, p *contract.Platform) error {
	files, err := plan.Features(p)
	if err != nil {
		return err
	}
	return plan.Check(dir, files)
}
