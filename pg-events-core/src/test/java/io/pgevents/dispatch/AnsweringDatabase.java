package io.pgevents.dispatch;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A data source without a server: answers every query with the same numbers, and lets something happen meanwhile. */
final class AnsweringDatabase implements InvocationHandler {

    private final List<Long> answer;
    private final Runnable meanwhile;

    AnsweringDatabase(List<Long> answer, Runnable meanwhile) {
        this.answer = answer;
        this.meanwhile = meanwhile;
    }

    DataSource dataSource() {
        return as(DataSource.class, this);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "getConnection" -> as(Connection.class, this);
            case "prepareStatement" -> as(PreparedStatement.class, this);
            case "createArrayOf" -> as(Array.class, this);
            case "executeQuery" -> rows();
            default -> nothing(method.getReturnType());
        };
    }

    private ResultSet rows() {
        meanwhile.run();
        int[] row = {-1};
        return as(ResultSet.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "next" -> ++row[0] < answer.size();
            case "getLong" -> answer.get(row[0]);
            default -> nothing(method.getReturnType());
        });
    }

    private static @Nullable Object nothing(Class<?> type) {
        return type == boolean.class ? (Object) false : type == int.class ? (Object) 0 : null;
    }

    private static <T> T as(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
