package org.felucca.core.lifecycle;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** Ids and names of new containers. Thread-safe. */
final class Identities {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{12}");
    private static final int ID_BYTES = 32;

    private static final String[] QUALITIES = """
            able agile amber ample azure bold brave bright brisk calm candid clear clever coastal
            cosy crisp daring deft eager early easy fair fleet fond free fresh gentle glad golden
            grand happy hardy humble keen kind light lively loyal lucid lucky mellow merry mild
            modest nimble noble patient placid plucky polite prompt proud quick quiet rapid ready
            sage salty serene sharp silent silver sleek smooth snug sober solid sound spry stable
            steady still stoic stout sturdy sunny sure swift tidy trim trusty upbeat valiant vivid
            warm wise witty worthy zesty
            """.split("\\s+");

    private static final String[] VESSELS = """
            argosy balinger barge barque bireme brig bragozzo bucintoro caique canoe caravel carrack
            catamaran clipper coaster cog coracle corvette cutter dhow dinghy dory drifter felucca
            ferry flatboat fluyt frigate galiot galleass galleon galley gondola gozzo hoy hulk junk
            kayak keelboat ketch knarr launch leudo lighter longboat lugger mascareta nao navicella
            packet peata pinnace polacca punt pupparin raft sampan sandolo sanpierota schooner
            shallop skiff sloop smack tartane tender topo trabaccolo trawler trireme tug vaporetto
            vessel whaler wherry xebec yacht yawl
            """.split("\\s+");

    private final SecureRandom random = new SecureRandom();

    /** Returns a new id, whose first 12 digits are not all decimal, so that no tool takes them for a number. */
    String id() {
        byte[] bytes = new byte[ID_BYTES];
        String id;
        do {
            random.nextBytes(bytes);
            id = HexFormat.of().formatHex(bytes);
        } while (DIGITS.matcher(id.substring(0, 12)).matches());
        return id;
    }

    /**
     * Returns a name to try.
     *
     * @param attempt how many were in use already; later ones get a number
     */
    String name(int attempt) {
        ThreadLocalRandom dice = ThreadLocalRandom.current();
        String name = QUALITIES[dice.nextInt(QUALITIES.length)] + "_" + VESSELS[dice.nextInt(VESSELS.length)];
        return attempt < 3 ? name : name + dice.nextInt(10 * attempt);
    }

    /**
     * Checks a name that was asked for.
     *
     * @throws FeluccaException INVALID_ARGUMENT if it is malformed
     */
    static void requireName(String name) {
        if (name.length() > 255 || !NAME.matcher(name).matches()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid container name " + name,
                    "a name has 2 to 255 letters, digits, '_', '.' or '-' and starts with a letter or digit");
        }
    }
}
