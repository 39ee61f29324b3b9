package judge_test

import (
	"bytes"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cucumber/godog"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/reference"
	"github.com/quintain-dev/quintain/mockserver"
)

// ownContract loads a document of somebody else's.
func ownContract(t *testing.T, file string) *contract.Platform {
	t.Helper()
	src, err := os.ReadFile("../../contract/testdata/foreign/" + file)
	require.NoError(t, err)
	p, err := contract.Parse(file, src, "")
	require.NoError(t, err)
	return p
}

// latest loads a platform at its latest revision, which is not the one of the features.
func latest(t *testing.T, name string) *contract.Platform {
	t.Helper()
	revisions := load(t, name).Revisions
	p, err := contract.Load(name + "@" + revisions[len(revisions)-1])
	require.NoError(t, err)
	require.NotEqual(t, load(t, name).Revision, p.Revision)
	return p
}

// TestWrittenFeatures: godog runs the features of another revision, and of a document of one's own, with our steps; the
// reference receiver passes those about receivers, and our mock server those about senders.
func TestWrittenFeatures(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]*contract.Platform{
		"another revision": latest(t, "tribe"), "plain words": ownContract(t, "stated.yaml"), "own": ownContract(t, "shop.yaml"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			require.NoError(t, judge.WriteFeatures(dir, p, false))
			secret := "whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw=="
			srv := httptest.NewServer(reference.New(p, secret))
			t.Cleanup(srv.Close)
			receiver, sender := filepath.Join(dir, "receiver"), filepath.Join(dir, "sender")
			if testing.Short() {
				few := map[bool]string{true: "stories.feature", false: "change.feature"}[p.BuiltIn()]
				receiver, sender = filepath.Join(receiver, few), filepath.Join(sender, "schedule.feature")
			}
			run := func(path string, register func(*godog.ScenarioContext)) {
				var out bytes.Buffer
				suite := godog.TestSuite{ScenarioInitializer: register, Options: &godog.Options{
					Format: "progress", Output: &out, NoColors: true, Strict: true, Paths: []string{path}, DefaultContext: t.Context(),
				}}
				require.Zero(t, suite.Run(), "%s", &out)
				require.Contains(t, out.String(), " passed)")
			}
			run(receiver, func(sc *godog.ScenarioContext) {
				judge.Steps(sc, judge.Receiver{URL: srv.URL, Platform: p, Secret: secret, Seeds: 2})
			})
			server := mock(t, nil, mockserver.WithPlatform(p))
			run(sender, func(sc *godog.ScenarioContext) { judge.SenderSteps(sc, judge.Sender{URL: server, Platform: p}) })
		})
	}
}

// TestFeaturesAreWrittenWhole: what a person changed is not overwritten unless it is asked for, nothing is written
// then, and nothing is left behind.
func TestFeaturesAreWrittenWhole(t *testing.T) {
	t.Parallel()
	dir, p := t.TempDir(), latest(t, "tribe")
	var d *judge.Difference
	require.ErrorAs(t, judge.CheckFeatures(dir, p), &d)
	require.Zero(t, d.Line, "it is missing")
	require.NoError(t, judge.WriteFeatures(dir, p, false))
	require.NoError(t, judge.WriteFeatures(dir, p, false), "the same again")
	require.NoError(t, judge.CheckFeatures(dir, p))

	edited := filepath.Join(dir, "receiver", "stories.feature")
	text, err := os.ReadFile(edited)
	require.NoError(t, err)
	mine := strings.Replace(string(text), "newcomer", "stranger", 1)
	require.NotEqual(t, string(text), mine)
	require.NoError(t, os.WriteFile(edited, []byte(mine), 0o644))
	gone := filepath.Join(dir, "receiver", "acknowledgement.feature")
	require.NoError(t, os.Remove(gone))
	require.ErrorAs(t, judge.WriteFeatures(dir, p, false), &d)
	require.Equal(t, edited, d.File)
	require.Contains(t, d.Have, "stranger")
	require.Contains(t, d.Want, "newcomer")
	require.Equal(t, 1+strings.Count(mine[:strings.Index(mine, "stranger")], "\n"), d.Line)
	require.NoFileExists(t, gone, "nothing was written")

	require.NoError(t, judge.WriteFeatures(dir, p, true))
	require.NoError(t, judge.CheckFeatures(dir, p))
	left, err := filepath.Glob(filepath.Join(dir, "*", ".quintain-*"))
	require.NoError(t, err)
	require.Empty(t, left)
	require.Error(t, judge.WriteFeatures(edited, p, true), "a file is no folder")
}
