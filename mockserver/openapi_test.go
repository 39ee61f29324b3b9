package mockserver_test

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/gorilla/mux"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
	"github.com/quintain-dev/quintain/mockserver/internal/api"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
)

// An inspector is a transport that holds every exchange against an OpenAPI document.
type inspector struct {
	t      testing.TB
	next   http.RoundTripper
	router routers.Router

	mu   sync.Mutex
	seen map[string]bool // by operation, and by operation and status
}

func newInspector(t testing.TB, document []byte, server string) (*inspector, *openapi3.T) {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(document)
	require.NoError(t, err)
	doc.Servers = openapi3.Servers{{URL: server}}
	router, err := gorillamux.NewRouter(doc)
	require.NoError(t, err)
	return &inspector{t: t, next: http.DefaultTransport, router: router, seen: map[string]bool{}}, doc
}

func (i *inspector) RoundTrip(r *http.Request) (*http.Response, error) {
	route, params, err := i.router.FindRoute(r)
	if err != nil {
		i.t.Errorf("%s %s is not in the document: %v", r.Method, r.URL, err)
		return i.next.RoundTrip(r)
	}
	var sent []byte
	if r.Body != nil {
		if sent, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
	}
	response, err := i.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))

	request := r.Clone(context.Background())
	request.Body = io.NopCloser(bytes.NewReader(sent))
	options := &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, MultiError: true,
	}
	input := &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route, Options: options}
	requestErr := openapi3filter.ValidateRequest(context.Background(), input)
	if requestErr != nil && response.StatusCode < 400 {
		i.t.Errorf("%s %s %s was answered %d, and breaks the document: %v", r.Method, r.URL, sent, response.StatusCode, requestErr)
	}
	if err := openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: response.StatusCode, Header: response.Header,
		Body: io.NopCloser(bytes.NewReader(body)), Options: options,
	}); err != nil {
		i.t.Errorf("the answer to %s %s breaks the document: %v\n%s", r.Method, r.URL, err, body)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.seen[route.Operation.OperationID] = true
	i.seen[route.Operation.OperationID+" "+http.StatusText(response.StatusCode)] = true
	return response, nil
}

// The document and the routes say the same, both ways.
func TestDocumentDescribesEveryRoute(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(api.Description)
	require.NoError(t, err)
	require.NoError(t, doc.Validate(t.Context()))
	described := map[string]string{}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			described[method+" "+path] = operation.OperationID
		}
	}
	tryno, err := contract.Load("tryno")
	require.NoError(t, err)
	doc, err = openapi3.NewLoader().LoadFromData(tryno.Document())
	require.NoError(t, err)
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			described[method+" /v1"+path] = "tryno." + operation.OperationID
		}
	}

	described["POST /graphql"] = "tribe.graphql" // by its own schema

	served := map[string]string{}
	server, err := mockserver.New()
	require.NoError(t, err)
	closeServer(t, server)
	require.NoError(t, server.Router().Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		template, err := route.GetPathTemplate()
		require.NoError(t, err)
		if strings.HasPrefix(template, "/__mock/in/") {
			return nil // takes whatever comes, and is described in words
		}
		methods, err := route.GetMethods()
		require.NoError(t, err)
		if methods[0] == http.MethodGet {
			require.Equal(t, []string{http.MethodGet, http.MethodHead}, methods, template)
			methods = methods[:1]
		}
		require.Len(t, methods, 1, template)
		served[methods[0]+" "+template] = route.GetName()
		return nil
	}))
	require.Equal(t, described, served)
}

// kin-openapi has no decoder for YAML bodies, or NDJSON, that keeps them as text.
func init() {
	for _, contentType := range []string{"application/yaml", "application/x-ndjson"} {
		openapi3filter.RegisterBodyDecoder(contentType, func(body io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
			text, err := io.ReadAll(body)
			return string(text), err
		})
	}
}

// The client's types have the properties of the document's schemas, no more and no less.
func TestClientTypesAreTheDocuments(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(api.Description)
	require.NoError(t, err)
	for name, typ := range map[string]reflect.Type{
		"NewCommunity":   reflect.TypeFor[client.NewCommunity](),
		"Community":      reflect.TypeFor[client.Community](),
		"Bounds":         reflect.TypeFor[client.Bounds](),
		"NewRotation":    reflect.TypeFor[client.NewRotation](),
		"Rotation":       reflect.TypeFor[client.Rotation](),
		"Fault":          reflect.TypeFor[client.Fault](),
		"Clock":          reflect.TypeFor[client.Clock](),
		"Moved":          reflect.TypeFor[client.Moved](),
		"NewWebhook":     reflect.TypeFor[client.NewWebhook](),
		"WebhookChange":  reflect.TypeFor[client.WebhookChange](),
		"Webhook":        reflect.TypeFor[client.Webhook](),
		"TestResult":     reflect.TypeFor[client.TestResult](),
		"Event":          reflect.TypeFor[client.Event](),
		"DeedEvent":      reflect.TypeFor[client.DeedEvent](),
		"Entity":         reflect.TypeFor[client.Entity](),
		"Action":         reflect.TypeFor[client.Action](),
		"Deed":           reflect.TypeFor[client.Deed](),
		"Story":          reflect.TypeFor[client.Story](),
		"Telling":        reflect.TypeFor[client.Telling](),
		"Told":           reflect.TypeFor[client.Told](),
		"Delivery":       reflect.TypeFor[client.Delivery](),
		"DeliveryDetail": reflect.TypeFor[client.DeliveryDetail](),
		"Attempt":        reflect.TypeFor[client.Attempt](),
		"Entry":          reflect.TypeFor[client.Entry](),
		"Phases":         reflect.TypeFor[client.Phases](),
		"Redelivered":    reflect.TypeFor[client.Redelivered](),
		"Skipped":        reflect.TypeFor[client.Skipped](),
		"Digest":         reflect.TypeFor[client.Digest](),
		"Request":        reflect.TypeFor[client.Request](),
		"Response":       reflect.TypeFor[client.Response](),
		"Inbox":          reflect.TypeFor[client.Inbox](),
		"Capture":        reflect.TypeFor[client.Capture](),
		"Captures":       reflect.TypeFor[client.Captures](),
		"Problem":        reflect.TypeFor[client.Problem](),
	} {
		schema := doc.Components.Schemas[name]
		require.NotNil(t, schema, name)
		require.ElementsMatch(t, slices.Collect(maps.Keys(schema.Value.Properties)), fields(typ), name)
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(doc.Components.Schemas["Error"].Value.Properties["error"].Value.Properties)),
		fields(reflect.TypeFor[client.Error]()))
}

func fields(typ reflect.Type) (out []string) {
	for field := range typ.Fields() {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
			out = append(out, name)
		} else if field.Anonymous {
			out = append(out, fields(field.Type)...)
		}
	}
	return out
}

// The document lists every code that there is.
func TestDocumentListsTheCodes(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(api.Description)
	require.NoError(t, err)
	var want []any
	for _, code := range problem.Codes() {
		want = append(want, string(code))
	}
	require.ElementsMatch(t, want, doc.Components.Schemas["Error"].Value.Properties["error"].Value.Properties["code"].Value.Enum)
}
