/**
 * Who is live: one {@link org.felucca.core.registry.Registry} per role, and the guard through which everything else
 * calls providers.
 *
 * <p>A provider that registers becomes a {@link org.felucca.core.registry.Binding}: the raw service, a
 * {@link org.felucca.core.registry.Gate} that counts calls in and objects out, and a guarded view of the contract that
 * wraps every object that gets out. A {@link org.felucca.core.registry.ProviderHandle} stands for an identity, whether
 * or not somebody fills it at the moment. Nothing outside this package sees a raw provider.
 */
@NullMarked
package org.felucca.core.registry;

import org.jspecify.annotations.NullMarked;
