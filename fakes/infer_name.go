package fakes

import (
	"strings"
	"sync"

	"github.com/quintain-dev/quintain/contract"
)

// words writes a name in lower case with _ between its words: createdAt → created_at.
func words(name string) string { return strings.ToLower(strings.Join(contract.Words(name), "_")) }

func singular(name string) string {
	switch {
	case strings.HasSuffix(name, "ies"):
		return strings.TrimSuffix(name, "ies") + "y"
	case strings.HasSuffix(name, "sses"), strings.HasSuffix(name, "xes"):
		return strings.TrimSuffix(name, "es")
	case strings.HasSuffix(name, "ss"), strings.HasSuffix(name, "us"):
		return name
	}
	return strings.TrimSuffix(name, "s")
}

// A nameKind is what a property is about, told from its name.
type nameKind = string

// kindsOfNames are by the whole name, its last two words, or its last word.
var kindsOfNames = sync.OnceValue(func() map[string]nameKind {
	return byNames(map[nameKind]string{
		"email":       "email email_address mail",
		"username":    "username user_name login handle nickname screen_name",
		"firstName":   "first_name given_name firstname forename",
		"lastName":    "last_name family_name lastname surname",
		"fullName":    "full_name fullname display_name displayname real_name holder_name contact_name customer_name user_name",
		"phone":       "phone phone_number mobile mobile_number telephone tel msisdn fax",
		"image":       "avatar avatar_url picture photo image image_url thumbnail icon logo cover banner avatar_uri profile_image",
		"url":         "url uri link href website homepage permalink endpoint callback",
		"domain":      "domain host hostname subdomain",
		"id":          "id uuid guid gid uid pk",
		"hex":         "sha hash digest checksum etag signature fingerprint md5 sha256",
		"token":       "token secret nonce api_key password",
		"slug":        "slug permalink_key path",
		"date":        "date birthday birth_date dob day",
		"created":     "created_at created created_on creation_date inserted_at registered_at joined_at signed_up_at first_seen_at opened_at create_time date_created created_date",
		"updated":     "updated_at updated modified modified_at last_modified changed_at last_seen_at last_active_at update_time date_updated edited_at pushed_at",
		"now":         "timestamp time occurred_at sent_at event_time triggered_at received_at fired_at ts event_date at deleted_at completed_at finished_at closed_at paid_at canceled_at cancelled_at",
		"starts":      "starts_at start_at start_time start_date scheduled_at scheduled_for",
		"ends":        "ends_at end_at end_time end_date",
		"later":       "expires_at expires expiry expiration expiration_date due_at due_date due_on valid_until renews_at trial_end period_end next_billing_date next_payment_date deadline current_period_end",
		"country":     "country country_name nation",
		"countryCode": "country_code country_iso",
		"city":        "city town locality",
		"region":      "state_province province region county administrative_area",
		"postcode":    "postal_code postcode zip zip_code zipcode",
		"street":      "street street_address address_line1 address_line_1 line1 address1 street1",
		"address":     "address location place venue full_address",
		"currency":    "currency currency_code",
		"money":       "amount price total subtotal balance cost fee tax amount_cents price_cents total_cents revenue discount tip cents gross net value",
		"sentence":    "description summary bio body content text message comment note notes excerpt reason details about caption detail explanation abstract",
		"title":       "title subject headline label name heading caption_title",
		"product":     "product product_name product_title item_name",
		"status":      "status state",
		"type":        "type event event_type event_name topic trigger action hook",
		"kind":        "kind object resource resource_type object_type category mode",
		"locale":      "locale",
		"language":    "language lang language_code",
		"timeZone":    "time_zone timezone tz zone",
		"ip":          "ip ip_address remote_ip client_ip remote_addr ip_addr",
		"userAgent":   "user_agent ua",
		"company":     "company company_name organization organisation org employer business_name organization_name",
		"job":         "job_title position_title occupation job role_title",
		"color":       "color colour hex_color",
		"version":     "version api_version schema_version",
		"mime":        "mime_type content_type mimetype media_type",
		"file":        "file filename file_name",
		"count":       "count total_count quantity qty number_of size length index position order rank level attempt attempts retries number score points limit offset page votes likes views comments followers following forks stars watchers shares installs",
		"percent":     "percent percentage rate ratio progress",
		"age":         "age",
		"latitude":    "latitude lat",
		"longitude":   "longitude lng lon long",
		"bytes":       "bytes file_size size_bytes",
		"seconds":     "duration seconds elapsed duration_seconds ttl",
		"millis":      "duration_ms latency_ms elapsed_ms milliseconds",
		"year":        "year",
		"month":       "month",
		"tag":         "tag tags keyword keywords topics labels",
		"code":        "code sku reference ref coupon",
	})
})

func byNames(lists map[nameKind]string) map[string]nameKind {
	out := map[string]nameKind{}
	for kind, list := range lists {
		for _, name := range strings.Fields(list) {
			if out[name] == "" || kind < out[name] { // the same for every run
				out[name] = kind
			}
		}
	}
	return out
}

// weakKinds say less of a value than an example does.
var weakKinds = sync.OnceValue(func() map[nameKind]bool {
	return map[nameKind]bool{"status": true, "type": true, "kind": true, "title": true, "product": true, "version": true, "mime": true, "file": true, "code": true, "tag": true, "address": true, "region": true, "slug": true, "sentence": true, "count": true, "percent": true, "hex": true, "currency": true, "locale": true, "language": true, "country": true}
})

var urlKinds = sync.OnceValue(func() map[nameKind]bool {
	return map[nameKind]bool{"image": true, "url": true}
})

// kind tells what the property is about; "" if its name does not tell.
func (at place) kind() nameKind {
	if at.event {
		return "id"
	}
	if kind, ok := kindsOfNames()[at.name]; ok {
		if kind == "title" && at.name == "name" && at.person {
			return "fullName"
		}
		if kind == "title" && goods()[at.object] {
			return "product"
		}
		return kind
	}
	parts := strings.Split(at.name, "_")
	if n := len(parts); n > 2 {
		if kind, ok := kindsOfNames()[parts[n-2]+"_"+parts[n-1]]; ok {
			return kind
		}
	}
	last := parts[len(parts)-1]
	switch kind := kindsOfNames()[last]; {
	case len(parts) == 1:
		return kindsOfNames()[singular(last)]
	case last == "at" || last == "on" && len(parts) == 2:
		return "updated"
	case last == "ids":
		return "id"
	case last == "until":
		return "later"
	case last == "by" || kind == "type" || kind == "title" && at.person:
		return ""
	default:
		return kind
	}
}

// A role is how a person takes part.
type role int

const (
	notPerson  role = iota
	theSubject      // whom the payload is about
	another         // somebody else, the same for each name of the part
)

var subjects = sync.OnceValue(func() map[string]bool {
	return fieldSet("user member customer person contact subscriber employee recipient guest attendee participant buyer client learner student patient lead profile account_holder individual follower candidate player rider passenger tenant invitee payer shopper")
})

var others = sync.OnceValue(func() map[string]bool {
	return fieldSet("author creator owner sender inviter assignee reviewer manager actor admin host organizer organiser seller agent operator editor moderator approver referrer requester commenter submitter uploader committer pusher merger driver teacher instructor supervisor mentor publisher invited_by created_by updated_by deleted_by approved_by assigned_to performed_by")
})

func fieldSet(names string) map[string]bool {
	out := map[string]bool{}
	for _, name := range strings.Fields(names) {
		out[name] = true
	}
	return out
}

// personRole tells whether an object is a person, and how the person takes part.
func personRole(sh *shape, at place) role {
	last := at.name[strings.LastIndexByte(at.name, '_')+1:]
	switch {
	case subjects()[at.name] || subjects()[last]:
		return theSubject
	case others()[at.name] || others()[last] || strings.HasSuffix(at.name, "_by"):
		return another
	}
	email, named := false, false
	for _, f := range sh.fields {
		switch kindsOfNames()[words(f.name)] {
		case "email":
			email = true
		case "firstName", "lastName", "fullName", "username":
			named = true
		case "title":
			named = named || f.name == "name"
		}
	}
	if email && named {
		return theSubject
	}
	return notPerson
}

// goods are objects that are bought.
var goods = sync.OnceValue(func() map[string]bool { return fieldSet("product item line_item article merchandise") })

// wrappers hold the thing that a payload is about and are nothing themselves.
var wrappers = sync.OnceValue(func() map[string]bool {
	return fieldSet("data payload object attributes body record detail details properties profile info")
})

// leavesPerson reports whether the object is a thing of its own inside a person, such as their company.
func (at place) leavesPerson() bool { return !wrappers()[at.name] }

// cast finds the person of a part of the payload.
func (x *fill) cast(r role, part uint64) int64 {
	switch {
	case r == theSubject && x.item == 0:
		return x.f.w.newcomer(x.f.n)
	case r == notPerson:
		return x.person
	default:
		return int64(x.draw(part) % uint64(x.f.w.config.Residents))
	}
}
