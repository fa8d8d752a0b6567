package org.felucca.hcs.document;

/**
 * A hive of the registry.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#RegistryHive">RegistryHive</a>
 */
public enum RegistryHive {
    /** The system. */
    SYSTEM("System"),

    /** Installed software. */
    SOFTWARE("Software");

    private final String id;

    RegistryHive(String id) {
        this.id = id;
    }

    /** Its name in the schema. */
    public String id() {
        return id;
    }
}
