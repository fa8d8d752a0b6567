package org.felucca.verbs.container;

import java.util.Optional;
import java.util.function.Consumer;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.Result;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerService;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.json.JsonObject;
import org.felucca.verbs.batch.Batch;
import org.felucca.verbs.batch.Batch.Outcome;

/** The same for each container that the operands name. Stateless. */
final class ContainerBatch {
    private ContainerBatch() {}

    /** Acts on each container; people see the operand, programs id and name. */
    static Result each(Invocation invocation, ContainerService containers, Consumer<String> action) {
        return Batch.each(invocation.operands(), name -> {
            Optional<Container> found = find(invocation, containers, name);
            action.accept(name);
            return Outcome.of(name, document(found, name).build());
        });
    }

    /** A document that starts with id and name. */
    static JsonObject.Builder document(Optional<Container> found, String operand) {
        return found.map(ContainerDocuments::identity)
                .orElseGet(() -> JsonObject.builder().put("name", operand));
    }

    /** Empty if there is none, of which the action will say more. */
    static Optional<Container> find(Invocation invocation, ContainerService containers, String name) {
        try {
            return Optional.of(containers.get(invocation.namespace(), name));
        } catch (FeluccaException e) {
            return Optional.empty();
        }
    }
}
