package contract_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/jsonptr"
	"github.com/quintain-dev/quintain/fixtures"
)

// fixture is the format of the files of package fixtures. A key that is not here is a typo, and refused.
type fixture struct {
	Fixture      string           `json:"fixture"`
	Platform     string           `json:"platform"`
	Revision     string           `json:"revision"`
	Event        string           `json:"event"`
	Operation    string           `json:"operation"`
	Grade        contract.Grade   `json:"grade"`
	Source       *contract.Source `json:"source"`
	Replaced     []string         `json:"replaced"`
	Placeholders []string         `json:"placeholders"`
	Expect       *struct {
		Valid   *bool  `json:"valid"`
		Pointer string `json:"pointer"`
	} `json:"expect"`
	Body json.RawMessage `json:"body"`
}

func readFixture(t *testing.T, file string) fixture {
	t.Helper()
	src, err := fixtures.FS.ReadFile(file)
	require.NoError(t, err)
	decoder := json.NewDecoder(bytes.NewReader(src))
	decoder.DisallowUnknownFields()
	var f fixture
	require.NoError(t, decoder.Decode(&f), file)
	require.NotEmpty(t, f.Fixture, file)
	require.NotNil(t, f.Expect, file)
	require.NotNil(t, f.Expect.Valid, file)
	require.NotNil(t, f.Source, file)
	require.NotNil(t, f.Replaced, file)
	require.NotNil(t, f.Placeholders, file)
	require.True(t, (f.Event == "") != (f.Operation == ""), "%s: want either an event or an operation", file)
	return f
}

func platformFixtures(t *testing.T) []string {
	t.Helper()
	var files []string
	require.NoError(t, fs.WalkDir(fixtures.FS, ".", func(file string, _ fs.DirEntry, err error) error {
		if err == nil && path.Ext(file) == ".json" && !strings.HasPrefix(file, "signatures/") {
			files = append(files, file)
		}
		return err
	}))
	require.NotEmpty(t, files)
	return files
}

func TestFixturesMeetTheirOwnExpectation(t *testing.T) {
	t.Parallel()
	for _, file := range platformFixtures(t) {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			f := readFixture(t, file)
			platform, err := contract.Load(f.Platform + "@" + f.Revision)
			require.NoError(t, err)
			for _, pointer := range append(f.Replaced, f.Placeholders...) {
				_, err := jsonptr.Find(f.Body, pointer)
				require.NoError(t, err, "a pointer of replaced or placeholders points to nothing")
			}

			switch {
			case f.Operation != "":
				err = platform.ValidateCall(f.Operation+"."+callSide(file), f.Body)
			case platform.Message(f.Event) != nil:
				err = platform.Message(f.Event).Validate(f.Body)
			default:
				err = platform.Validate(f.Event, f.Body)
			}

			if *f.Expect.Valid {
				require.NoError(t, err)
				return
			}
			var invalid *contract.ValidationError
			require.ErrorAs(t, err, &invalid)
			require.Len(t, invalid.Problems, 1)
			require.Equal(t, f.Expect.Pointer, invalid.Problems[0].Pointer)
		})
	}
}

// callSide is what stands between the operation and the extension of the file's name: request, or a status.
func callSide(file string) string {
	parts := strings.Split(path.Base(file), ".")
	return parts[1]
}

func TestNoRealPersonInFixtures(t *testing.T) {
	t.Parallel()
	domain := regexp.MustCompile(`(?:@|//)([a-zA-Z0-9.-]+\.[a-z]+)`)
	for _, file := range platformFixtures(t) {
		f := readFixture(t, file)
		for _, m := range domain.FindAllSubmatch(f.Body, -1) {
			require.Regexp(t, `(^|\.)example\.(com|net|org)$|\.test$`, string(m[1]), file)
		}
	}
}

func TestEveryEventHasAnExampleThatIsItsOwn(t *testing.T) {
	t.Parallel()
	for _, name := range contract.Names() {
		platform, err := contract.Load(name)
		require.NoError(t, err)
		for _, event := range platform.Events() {
			example, err := event.Example()
			require.NoError(t, err, event.Name)
			identified, err := platform.Identify(example.Body)
			if err == nil {
				require.Equal(t, event.Name, identified.Name)
				continue
			}
			// Two events of one shape cannot be told apart where the body does not name its event, and that is said.
			require.Empty(t, platform.Rules.EventName.Value, event.Name)
			require.ErrorContains(t, err, "may be of ", event.Name)
			require.ErrorContains(t, err, event.Name)
		}
	}
}

func TestIdentifySaysWhatItLacks(t *testing.T) {
	t.Parallel()
	mighty, err := contract.Load("mighty")
	require.NoError(t, err)
	_, err = mighty.Identify([]byte(`{"event_id":"x"}`))
	var e *contract.Error
	require.True(t, errors.As(err, &e))
	require.Equal(t, contract.UnknownEvent, e.Code)
	require.Contains(t, e.Error(), "name the event")

	tribe, err := contract.Load("tribe")
	require.NoError(t, err)
	_, err = tribe.Identify([]byte(`{"data":{"name":"member.creatd"}}`))
	require.EqualError(t, err, `unknown event of tribe@2021-12 "member.creatd"; did you mean "member.created"?`)
	_, err = tribe.Identify([]byte(`{"data":{}}`))
	require.ErrorContains(t, err, "does not name its event")
}
