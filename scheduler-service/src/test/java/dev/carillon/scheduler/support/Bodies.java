package dev.carillon.scheduler.support;

/** Request bodies. */
public final class Bodies {
    private Bodies() {}

    /** An e-mail with the given {@code schedule} and whatever {@code more} members, such as {@code ,"orderingKey":"a"}. */
    public static String email(String schedule, String more) {
        return """
                {"to":{"channel":"email","address":"ana@example.org"},"content":{"subject":"Your blood test","text":"See you at 9."},
                 "schedule":%s%s}""".formatted(schedule, more);
    }

    public static String email(String schedule) {
        return email(schedule, "");
    }

    /** Far enough ahead to stay scheduled. */
    public static String farEmail() {
        return email("{\"in\":\"P1D\"}");
    }

    /** Inside the lead: handed over to delivery at once. */
    public static String nearEmail() {
        return email("{\"in\":\"PT10S\"}");
    }
}
