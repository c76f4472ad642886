package dev.carillon.scheduler.template.store;

import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.template.FoundTemplates;
import dev.carillon.scheduler.template.FoundTemplates.Wanted;
import dev.carillon.scheduler.template.Template;
import dev.carillon.scheduler.template.TemplateRef;
import dev.carillon.scheduler.template.TemplateSummary;
import dev.carillon.scheduler.template.TemplateText;
import dev.carillon.scheduler.template.Texts;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Templates in PostgreSQL. */
@ApplicationScoped
public class TemplateStore {
    private static final String COLUMNS =
            "t.id, t.tenant, t.name, t.latest, t.retired_at, v.version, v.subject, v.text, v.html, v.markdown, v.created_at";
    private static final String INSERT = """
            INSERT INTO template (id, tenant, name, latest) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, name) DO NOTHING
            RETURNING id
            """;
    private static final String INSERT_VERSION = """
            INSERT INTO template_version (template_id, version, subject, text, html, markdown, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """;
    private static final String SAVE = "UPDATE template SET latest = $2, retired_at = $3 WHERE id = $1";
    private static final String LATEST = "SELECT " + COLUMNS
            + " FROM template t JOIN template_version v ON v.template_id = t.id AND v.version = t.latest";
    // Apart from the read: a version that came while this one waited would be missing in a join.
    private static final String LOCK = "SELECT id FROM template WHERE tenant = $1 AND name = $2 FOR UPDATE";
    private static final String FIND_BY_ID = LATEST + " WHERE t.tenant = $1 AND t.id = $2";
    private static final String LIST = """
            SELECT t.id, t.name, t.latest, t.retired_at, v.created_at
            FROM template t JOIN template_version v ON v.template_id = t.id AND v.version = t.latest
            WHERE t.tenant = $1 AND ($2::boolean OR t.retired_at IS NULL) AND ($3::uuid IS NULL OR t.id < $3)
            ORDER BY t.id DESC LIMIT $4
            """;
    // Each by its name, by which a join alone does not go for sure: plans are made while the table may be empty.
    private static final String FIND = "SELECT w.n, " + COLUMNS + """
             FROM unnest($1::text[], $2::text[], $3::int[]) WITH ORDINALITY AS w (tenant, name, version, n)
            JOIN template t ON t.tenant = w.tenant AND t.name = w.name AND t.tenant = ANY($1::text[]) AND t.name = ANY($2::text[])
            JOIN template_version v ON v.template_id = t.id AND v.version = coalesce(w.version, t.latest)
            """;

    private final Transactions transactions;

    public TemplateStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /** False when the tenant has a template of this name. */
    public Uni<Boolean> insert(Tx tx, Template template) {
        var row = Tuple.of(template.id(), template.tenant(), template.name(), template.latest());
        return tx.run(INSERT, row)
                .chain(inserted -> inserted.rowCount() == 0
                        ? Uni.createFrom().item(false)
                        : insertVersion(tx, template).replaceWith(true));
    }

    /** Adds a version, which is the latest then. The template must be locked by this transaction. */
    public Uni<Void> addVersion(Tx tx, Template template) {
        return insertVersion(tx, template).chain(() -> save(tx, template));
    }

    /** Writes which version is the latest, and whether it is retired. The template must be locked by this transaction. */
    public Uni<Void> save(Tx tx, Template template) {
        var retiredAt = template.retiredAt();
        var row = Tuple.of(
                template.id(), template.latest(), retiredAt == null ? null : retiredAt.atOffset(ZoneOffset.UTC));
        return tx.run(SAVE, row).replaceWithVoid();
    }

    private static Uni<Void> insertVersion(Tx tx, Template template) {
        var texts = template.texts();
        var row = Tuple.tuple()
                .addUUID(template.id())
                .addInteger(template.version())
                .addString(source(texts.subject()))
                .addString(source(texts.text()))
                .addString(source(texts.html()))
                .addString(source(texts.markdown()))
                .addValue(template.createdAt().atOffset(ZoneOffset.UTC));
        return tx.run(INSERT_VERSION, row).replaceWithVoid();
    }

    /** Its latest version, locked until the transaction ends. */
    public Uni<Optional<Template>> lock(Tx tx, String tenant, String name) {
        return tx.list(LOCK, Tuple.of(tenant, name), row -> row.getUUID("id"))
                .chain(ids -> ids.isEmpty()
                        ? Uni.createFrom().item(List.<Template>of())
                        : tx.list(FIND_BY_ID, Tuple.of(tenant, ids.getFirst()), TemplateStore::read))
                .map(found -> found.stream().findFirst());
    }

    /** Its latest version. */
    public Uni<Optional<Template>> find(String tenant, UUID id) {
        return transactions
                .list(FIND_BY_ID, Tuple.of(tenant, id), TemplateStore::read)
                .map(found -> found.stream().findFirst());
    }

    public Uni<Optional<Template>> find(String tenant, TemplateRef ref) {
        return find(List.of(new Wanted(tenant, ref))).map(found -> found.find(tenant, ref));
    }

    /** All of {@code wanted} that are there, by one query. */
    public Uni<FoundTemplates> find(Collection<Wanted> wanted) {
        var asked = wanted.stream().distinct().toList();
        return asked.isEmpty()
                ? Uni.createFrom().item(FoundTemplates.NONE)
                : transactions.list(FIND, columns(asked), Numbered::read).map(rows -> byWanted(asked, rows));
    }

    /** Likewise, in somebody's transaction. */
    public Uni<FoundTemplates> find(Tx tx, Collection<Wanted> wanted) {
        var asked = wanted.stream().distinct().toList();
        return asked.isEmpty()
                ? Uni.createFrom().item(FoundTemplates.NONE)
                : tx.list(FIND, columns(asked), Numbered::read).map(rows -> byWanted(asked, rows));
    }

    /** Newest first; {@code before} for those created before the template of this id. */
    public Uni<List<TemplateSummary>> list(String tenant, boolean retiredToo, @Nullable UUID before, int limit) {
        return transactions.list(LIST, Tuple.of(tenant, retiredToo, before, limit), TemplateStore::summary);
    }

    private static TemplateSummary summary(Row row) {
        return new TemplateSummary(
                row.getUUID("id"), row.getString("name"), row.getInteger("latest"), createdAt(row), retiredAt(row));
    }

    private static Tuple columns(List<Wanted> asked) {
        return Columns.of(asked)
                .texts(Wanted::tenant)
                .texts(one -> one.ref().name())
                .integers(one -> one.ref().version())
                .tuple();
    }

    /** A template, and which of those asked for it is. */
    private record Numbered(int n, Template template) {
        private static Numbered read(Row row) {
            return new Numbered(row.getLong("n").intValue() - 1, TemplateStore.read(row));
        }
    }

    private static FoundTemplates byWanted(List<Wanted> asked, List<Numbered> rows) {
        var found = new HashMap<Wanted, Template>();
        rows.forEach(row -> found.put(asked.get(row.n), row.template));
        return new FoundTemplates(found);
    }

    private static Template read(Row row) {
        return new Template(
                row.getUUID("id"),
                row.getString("tenant"),
                row.getString("name"),
                row.getInteger("version"),
                row.getInteger("latest"),
                new Texts(
                        text(row.getString("subject")),
                        text(row.getString("text")),
                        text(row.getString("html")),
                        text(row.getString("markdown"))),
                createdAt(row),
                retiredAt(row));
    }

    private static Instant createdAt(Row row) {
        return row.getOffsetDateTime("created_at").toInstant();
    }

    private static @Nullable Instant retiredAt(Row row) {
        var retiredAt = row.getOffsetDateTime("retired_at");
        return retiredAt == null ? null : retiredAt.toInstant();
    }

    private static @Nullable TemplateText text(@Nullable String source) {
        return source == null ? null : TemplateText.of(source);
    }

    private static @Nullable String source(@Nullable TemplateText text) {
        return text == null ? null : text.source();
    }
}
