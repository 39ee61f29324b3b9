package problem_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
)

func TestEveryCodeHasAStatus(t *testing.T) {
	t.Parallel()
	require.NotEmpty(t, problem.Codes())
	for _, code := range problem.Codes() {
		status := problem.Status(code)
		require.GreaterOrEqual(t, status, 400, code)
		require.Equal(t, code == problem.Internal, status >= 500, code)
	}
	require.Equal(t, 500, problem.Status("never heard of"))
}

// The errors of the contract keep their codes on the way out, so each must have a status here.
func TestContractErrors(t *testing.T) {
	t.Parallel()
	_, platform := contract.Load("trib")
	_, revision := contract.Load("tribe@1")
	tribe, err := contract.Load("tribe")
	require.NoError(t, err)
	_, event := tribe.Event("member.create")
	_, form := contract.EncodeForm([]byte("[]"), contract.Brackets)
	for want, err := range map[problem.Code]error{
		problem.UnknownPlatform: platform, problem.UnknownRevision: revision, problem.UnknownEvent: event, problem.BadBody: form,
	} {
		e, expected := problem.From(fmt.Errorf("wrapped: %w", err))
		require.True(t, expected)
		require.Equal(t, want, e.Code)
		require.Less(t, problem.Status(e.Code), 500)
		require.NotEmpty(t, e.Message)
	}
}

func TestInternalErrorsTellNothing(t *testing.T) {
	t.Parallel()
	e, expected := problem.From(errors.New("the password is x"))
	require.False(t, expected)
	require.Equal(t, problem.Internal, e.Code)
	require.NotContains(t, e.Error(), "password")
}

func TestMessages(t *testing.T) {
	t.Parallel()
	require.EqualError(t, problem.New(problem.BadJSON, "100%% %s", "x"), "100% x")
	require.EqualError(t, problem.Unknown(problem.UnknownInbox, "inbox", "on", []string{"one", "two"}), `unknown inbox "on"; did you mean "one"?`)
	require.EqualError(t, problem.Unknown(problem.UnknownInbox, "inbox", "zzzzz", []string{"one", "two"}), `unknown inbox "zzzzz"; there is one, two`)
	require.EqualError(t, problem.Unknown(problem.UnknownInbox, "inbox", "x", nil), `unknown inbox "x"`)
	base := problem.Invalid("count", "is %d", 3)
	require.EqualError(t, base.WithHint("want %d", 4), "count is 3; want 4")
	require.EqualError(t, base, "count is 3")
}
