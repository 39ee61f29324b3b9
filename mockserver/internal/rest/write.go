package rest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// WriteJSON answers with a value as JSON. A value that cannot be written is a fault of ours, found before the status is
// sent.
func WriteJSON(w http.ResponseWriter, status int, value any) error {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return err
	}
	WriteBytes(w, status, "application/json; charset=utf-8", body.Bytes())
	return nil
}

// WriteBytes answers with a body. The client that went away meanwhile is nobody's error.
func WriteBytes(w http.ResponseWriter, status int, contentType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
