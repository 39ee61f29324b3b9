package rule

import (
	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/report"
)

const proofs = "authentication"

// forged is why a forged delivery must be rejected.
const forged = "anyone can post to this URL as if they were the platform"

// sampled is how many events are tried with each way to forge a delivery, by rules that have many ways.
const sampled = 12

func proofRules() []Rule {
	return []Rule{
		{
			ID: "SIG-1", Group: proofs, Usual: report.Must, Phase: Forged, Proof: true,
			Sentence: "rejects a delivery without the signature header or credential",
			Why:      forged,
			Fix:      "answer 401 when the header is missing, for every event",
			standing: credential, unable: noKey,
		},
		{
			ID: "SIG-2", Group: proofs, Usual: report.Must, Phase: Forged, Proof: true, Sample: sampled,
			Sentence: "rejects a body altered after signing",
			Why:      "anyone who sees one delivery can forge others",
			Fix:      "verify the signature over the raw bytes of the body, before it is parsed",
			standing: signed,
		},
		{
			ID: "SIG-3", Group: proofs, Usual: report.Must, Phase: Forged, Proof: true,
			Sentence: "rejects a correct body signed with a wrong or an empty secret, or with a signature that is almost correct",
			Why:      forged,
			Fix:      "compute the HMAC with the configured secret, refuse to start without one, and compare all of it in constant time",
			standing: signed,
		},
		{
			ID: "SIG-4", Group: proofs, Usual: report.Must, Phase: Forged, Proof: true, Sample: sampled,
			Sentence: "rejects a signature of the wrong length, not hex, empty, doubled, or of another algorithm, and does not crash on it",
			Why:      "a malformed signature must be rejected, and must not crash the receiver",
			Fix:      "compare lengths before bytes, and answer 401 to whatever does not decode",
			standing: signed,
		},
		{
			ID: "SIG-5", Group: proofs, Usual: report.Should, Phase: Forged, Proof: true,
			Sentence: "rejects a stale timestamp although the signature is correct",
			Why:      "anyone who captured a delivery can replay it forever",
			Fix:      "compare the signed timestamp with the clock",
			standing: timestamped(report.Should),
		},
		{
			ID: "SIG-6", Group: proofs, Usual: report.Must, Phase: Forged, Proof: true,
			Sentence: "rejects a timestamp that was altered after signing",
			Why:      "a recorded delivery can be made to look fresh",
			Fix:      "sign the timestamp together with the body, exactly as it stands in the header",
			standing: timestamped(report.Must),
		},
		{
			ID: "SIG-7", Group: proofs, Usual: report.May, Phase: Forged, Proof: true, Unbuilt: true,
			Sentence: "rejects a timestamp from the future beyond the tolerance",
			Why:      "a delivery that is dated ahead stays fresh for longer",
			Fix:      "compare the absolute difference between timestamp and clock",
			standing: timestamped(report.May),
		},
		{
			ID: "SIG-8", Group: proofs, Usual: report.Must, Phase: Forged, Proof: true, Sample: sampled,
			Sentence: "rejects a missing, empty or wrong bearer key, and accepts the correct one whatever the case of \"bearer\"",
			Why:      forged,
			Fix:      "compare the whole key in constant time, after the scheme was cut off without regard to case",
			standing: key, unable: noKey,
		},
		{
			ID: "SIG-9", Group: proofs, Usual: report.Should, Phase: Forged, Proof: true,
			Sentence: "accepts either of two valid signatures during a secret rotation",
			Why:      "while the secret is replaced, every delivery would be rejected, and lost",
			Fix:      "try each signature of the header",
			standing: severalSignatures,
		},
		{
			ID: "HSK-1", Group: proofs, Usual: report.Must, Phase: First, Owns: OwnsHandshake,
			Sentence: "answers the TEST challenge with 200, JSON, type, status SUCCEEDED and the same challenge",
			Why:      "the platform does not save a URL that fails the challenge",
			Fix:      "send back the challenge of the body, as JSON",
			standing: handshake(contract.ChallengeHandshake),
		},
		{
			ID: "HSK-2", Group: proofs, Usual: report.Must, Phase: Forged,
			Sentence: "rejects a TEST challenge that is not signed with its secret",
			Why:      "the platform tests whether the receiver checks signatures, and so can anyone",
			Fix:      "verify the signature before the challenge is answered",
			standing: handshake(contract.ChallengeHandshake),
		},
		{
			ID: "HSK-3", Group: proofs, Usual: report.Must, Phase: First,
			Sentence: "acknowledges test.ping",
			Why:      "the platform's test call reports the endpoint as failing",
			Fix:      "answer 200 to test.ping",
			standing: handshake(contract.PingHandshake),
		},
	}
}
