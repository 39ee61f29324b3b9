package fakes

import _ "time/tzdata" // for machines that have no time zone database; with one, theirs is used
