package contract

// Extensions are the x- keys that the reader knows.
var Extensions = extensions

// RuleNames are the rules of x-delivery.
var RuleNames = ruleNames
