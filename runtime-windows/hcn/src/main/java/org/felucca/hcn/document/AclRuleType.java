package org.felucca.hcn.document;

import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;

/**
 * Who enforces a rule.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#RuleType">RuleType</a>
 */
public enum AclRuleType {
    /** The firewall of the host. */
    HOST("Host"),

    /** The virtual switch. */
    SWITCH("Switch");

    private final String id;

    AclRuleType(String id) {
        this.id = id;
    }

    /** Its name in the schema. */
    public String id() {
        return id;
    }

    /** Its name as a JSON value. */
    public JsonValue value() {
        return new JsonString(id);
    }
}
