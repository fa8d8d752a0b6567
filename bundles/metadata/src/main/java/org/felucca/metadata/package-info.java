/**
 * The room of the platform's records: {@link org.felucca.api.metadata.MetadataStore} on one SQLite database.
 *
 * <p>{@code <root>/metadata/felucca.db} has one table per kind of record, which an operator reads with any SQLite shell,
 * and a table {@code reference}. The parts: {@link org.felucca.metadata.MetadataComponent} is what the framework sees,
 * {@link org.felucca.metadata.SqliteMetadataStore} serialises writes and answers reads, {@code Database} owns the
 * connections, {@code Schema} brings the tables to the current version, {@code RecordTables} is the only class that
 * speaks SQL about records, {@code RecordCache} keeps committed records at hand, {@code WalSync} shares one sync among
 * those who wait for one, and {@code Checkpoints} moves the log into the database off everybody's path.
 *
 * <p>Each record that is kept for some time has a copy in {@code <root>/metadata/records}: {@code Mirror} keeps the
 * copies up, {@code Sidecars} and {@code Sidecar} are their files, and {@code Rebuild} makes a database that is damaged
 * or missing anew from them.
 *
 * <p>Nothing else writes this database; readers from outside are welcome at any time.
 */
@NullMarked
package org.felucca.metadata;

import org.jspecify.annotations.NullMarked;
