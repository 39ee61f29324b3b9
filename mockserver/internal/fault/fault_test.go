package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/fault"
)

func TestEveryCodeHasAStatus(t *testing.T) {
	t.Parallel()
	require.NotEmpty(t, fault.Codes())
	for _, code := range fault.Codes() {
		status := fault.Status(code)
		require.GreaterOrEqual(t, status, 400, code)
		require.Equal(t, code == fault.Internal, status >= 500, code)
	}
	require.Equal(t, 500, fault.Status("never heard of"))
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
	for want, err := range map[fault.Code]error{
		fault.UnknownPlatform: platform, fault.UnknownRevision: revision, fault.UnknownEvent: event, fault.BadBody: form,
	} {
		e, expected := fault.From(fmt.Errorf("wrapped: %w", err))
		require.True(t, expected)
		require.Equal(t, want, e.Code)
		require.Less(t, fault.Status(e.Code), 500)
		require.NotEmpty(t, e.Message)
	}
}

func TestInternalErrorsTellNothing(t *testing.T) {
	t.Parallel()
	e, expected := fault.From(errors.New("the password is x"))
	require.False(t, expected)
	require.Equal(t, fault.Internal, e.Code)
	require.NotContains(t, e.Error(), "password")
}

func TestMessages(t *testing.T) {
	t.Parallel()
	require.EqualError(t, fault.New(fault.BadJSON, "100%% %s", "x"), "100% x")
	require.EqualError(t, fault.Unknown(fault.UnknownInbox, "inbox", "on", []string{"one", "two"}), `unknown inbox "on"; did you mean "one"?`)
	require.EqualError(t, fault.Unknown(fault.UnknownInbox, "inbox", "zzzzz", []string{"one", "two"}), `unknown inbox "zzzzz"; there is one, two`)
	require.EqualError(t, fault.Unknown(fault.UnknownInbox, "inbox", "x", nil), `unknown inbox "x"`)
	base := fault.Invalid("count", "is %d", 3)
	require.EqualError(t, base.WithHint("want %d", 4), "count is 3; want 4")
	require.EqualError(t, base, "count is 3")
}
