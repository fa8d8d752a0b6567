/**
 * Launch plans as data: {@link org.felucca.runtime.plan.PlanWriter} builds the bytes operation by operation,
 * {@link org.felucca.runtime.plan.Plan} holds them, {@link org.felucca.runtime.plan.PlanReader} takes them apart, and
 * {@link org.felucca.runtime.plan.PlanPrinter} shows them to people. The table of operations is
 * {@link org.felucca.runtime.plan.Opcode}; its meaning is {@code docs/spec/launch-plan.md}. What goes into a plan is
 * decided in {@code org.felucca.runtime.plan.compile}.
 *
 * <p>Internal to the platform; no OSGi, no native code.
 */
@NullMarked
package org.felucca.runtime.plan;

import org.jspecify.annotations.NullMarked;
