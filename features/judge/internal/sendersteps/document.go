package sendersteps

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/jsonptr"
	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
)

// apiDocument is the admin API of a platform, as its contract document describes it under paths. It is made once and
// then only read.
type apiDocument struct {
	root       map[string]any
	operations map[string]operation // by operationId
}

type operation struct {
	method    string
	path      string // a template, such as /communities/{community_id}/webhooks
	pointer   string
	responses map[string]response // by status
}

type response struct {
	headers []string
	body    *jsonschema.Schema // nil: no body
}

// readAPI reads the paths of a platform's document. A platform without any gives a document without operations.
func readAPI(p *contract.Platform) (*apiDocument, error) {
	decoded, err := jsonschema.UnmarshalJSON(bytes.NewReader(p.Document()))
	if err != nil {
		return nil, err
	}
	root, _ := decoded.(map[string]any)
	d := &apiDocument{root: root, operations: map[string]operation{}}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource(documentURL, root); err != nil {
		return nil, err
	}
	paths, _ := root["paths"].(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		methods, _ := paths[path].(map[string]any)
		for _, method := range slices.Sorted(maps.Keys(methods)) {
			one, _ := methods[method].(map[string]any)
			id, _ := one["operationId"].(string)
			if id == "" {
				continue // what all methods of a path share
			}
			op := operation{method: strings.ToUpper(method), path: path, pointer: "/paths/" + jsonptr.Escape(path) + "/" + method, responses: map[string]response{}}
			if err := d.read(compiler, one, &op); err != nil {
				return nil, fmt.Errorf("%s: %w", id, err)
			}
			d.operations[id] = op
		}
	}
	return d, nil
}

const documentURL = "contract:///api"

func (d *apiDocument) read(compiler *jsonschema.Compiler, described map[string]any, op *operation) error {
	responses, _ := described["responses"].(map[string]any)
	for _, status := range slices.Sorted(maps.Keys(responses)) {
		pointer, found := d.follow(op.pointer + "/responses/" + status)
		if found == nil {
			return fmt.Errorf("the response %s points to nothing", status)
		}
		r := response{}
		headers, _ := found["headers"].(map[string]any)
		r.headers = slices.Sorted(maps.Keys(headers))
		content, _ := found["content"].(map[string]any)
		if content["application/json"] != nil {
			schema, err := compiler.Compile(documentURL + "#" + fragment(pointer+"/content/application~1json/schema"))
			if err != nil {
				return err
			}
			r.body = schema
		}
		op.responses[status] = r
	}
	return nil
}

// follow returns the object at a pointer, and where it really stands if that is a reference.
func (d *apiDocument) follow(pointer string) (string, map[string]any) {
	for range 10 {
		var at any = d.root
		for _, token := range strings.Split(pointer, "/")[1:] {
			object, ok := at.(map[string]any)
			if !ok {
				return pointer, nil
			}
			at = object[jsonptr.Unescape(token)]
		}
		object, _ := at.(map[string]any)
		ref, isRef := object["$ref"].(string)
		if !isRef {
			return pointer, object
		}
		pointer = strings.TrimPrefix(ref, "#")
	}
	return pointer, nil
}

// fragment writes a JSON pointer as a URL fragment.
func fragment(pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i, token := range tokens {
		tokens[i] = url.PathEscape(token)
	}
	return strings.Join(tokens, "/")
}

// check holds an answer against what the document says of an operation's answers. It returns what is wrong, empty if
// nothing is.
func (d *apiDocument) check(id string, a exchange.Answer) string {
	op, ok := d.operations[id]
	if !ok {
		return "there is no operation " + id
	}
	r, ok := op.responses[fmt.Sprint(a.Status)]
	if !ok {
		return fmt.Sprintf("the status %d is not documented for this call", a.Status)
	}
	for _, name := range r.headers {
		if a.Header.Get(name) == "" {
			return "the header " + name + " is missing"
		}
	}
	if r.body == nil {
		if len(a.Body) > 0 {
			return "there is a body, and none is documented"
		}
		return ""
	}
	if !exchange.IsJSON(a) {
		return "the body is not JSON, or its Content-Type does not say so"
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.Body))
	if err != nil {
		return "the body is not JSON: " + err.Error()
	}
	var invalid *jsonschema.ValidationError
	if err := r.body.Validate(value); errors.As(err, &invalid) {
		return "the body breaks its schema: " + leaves(invalid)
	} else if err != nil {
		return err.Error()
	}
	return ""
}

// leaves says where a body breaks its schema.
func leaves(e *jsonschema.ValidationError) string {
	for len(e.Causes) > 0 {
		e = e.Causes[0]
	}
	return fmt.Sprintf("/%s %s", strings.Join(e.InstanceLocation, "/"), oneLine(e))
}

func oneLine(e *jsonschema.ValidationError) string {
	lines := strings.Split(e.Error(), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// errorCode returns the code and status of an error in the platform's envelope.
func errorCode(a exchange.Answer) (code string, status int) {
	var envelope struct {
		Error struct {
			Code   string
			Status int
		}
	}
	if json.Unmarshal(a.Body, &envelope) != nil {
		return "", 0
	}
	return envelope.Error.Code, envelope.Error.Status
}
