package dev.carillon.booking.reservation.store;

import dev.carillon.booking.reservation.Customer;
import dev.carillon.booking.reservation.CustomerReference;
import dev.carillon.kit.tx.Columns;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.ZoneId;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The columns {@code customer_*}, which every table that names a customer has, in one order. */
final class CustomerColumns {
    private CustomerColumns() {}

    /**
     * The rows of a table that are of a customer, by their ids, in a statement whose first parameters are {@link #parameters}: each arm reads an index, while
     * one condition with OR may read all of a tenant's rows.
     */
    static String idsOf(String table) {
        return """
                (SELECT id FROM %1$s WHERE tenant = $1 AND customer_id = $2
                 UNION ALL SELECT id FROM %1$s WHERE tenant = $1 AND lower(customer_email COLLATE "C") = $3
                 UNION ALL SELECT id FROM %1$s WHERE tenant = $1 AND customer_chat_id = $4)""".formatted(table);
    }

    /** The first four. */
    static Tuple parameters(String tenant, CustomerReference customer) {
        return Tuple.tuple()
                .addString(tenant)
                .addString(customer.id())
                .addString(customer.email())
                .addString(customer.chat());
    }

    /** Id, name, e-mail, chat, zone, language. */
    static <T> Columns<T> add(Columns<T> columns, Function<T, Customer> customer) {
        return columns.texts(row -> customer.apply(row).id())
                .texts(row -> customer.apply(row).name())
                .texts(row -> customer.apply(row).email())
                .texts(row -> customer.apply(row).telegramChatId())
                .texts(row -> zone(customer.apply(row)))
                .texts(row -> customer.apply(row).language());
    }

    static Customer read(Row row) {
        var zone = row.getString("customer_zone");
        return new Customer(
                row.getString("customer_id"),
                row.getString("customer_name"),
                row.getString("customer_email"),
                row.getString("customer_chat_id"),
                zone == null ? null : ZoneId.of(zone),
                row.getString("customer_language"));
    }

    private static @Nullable String zone(Customer customer) {
        return customer.zone() == null ? null : customer.zone().getId();
    }
}
