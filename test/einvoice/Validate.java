import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.Serializer;
import net.sf.saxon.s9api.XPathCompiler;
import net.sf.saxon.s9api.XdmDestination;
import net.sf.saxon.s9api.XdmItem;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.XsltCompiler;
import net.sf.saxon.s9api.XsltExecutable;

/**
 * Checks UBL documents against the UBL 2.1 schemas and schematron rules: SchXslt turns each rule file into XSLT, which is kept under the
 * cache folder by the rule file's hash, and Saxon runs it. One process takes any number of documents.
 *
 * <p>Use: {@code Validate --cache DIR --rules FILE.sch [--rules FILE.sch] [--control EXAMPLE.xml]... DOCUMENT-OR-FOLDER...}
 *
 * <p>Each control is a published example: it must pass, and copies of it that are broken must fail under every rule
 * file, before any verdict counts.
 *
 * <p>Every failed assertion is one line on stdout, tab-separated: document, rule file, flag, id, place, text. A
 * document that cannot be read, or on which a rule file fires no rule at all, fails too: silence is no proof. Exit
 * codes: 0 no fatal fault, 1 at least one, 2 wrong use, rules that do not compile, or a control that fails.
 */
public final class Validate {
    private static final String PIPELINE = "/xslt/2.0/pipeline-for-svrl.xsl";
    private static final String SVRL = "http://purl.oclc.org/dsdl/svrl";

    private final Processor processor = new Processor(false);
    private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    private record Rules(String name, XsltExecutable program) {}

    private record Fault(String document, String rules, String flag, String id, String place, String text) {
        boolean fatal() {
            return !flag.equals("warning") && !flag.equals("information");
        }

        @Override
        public String toString() {
            return String.join("\t", document, rules, flag, id, place, text.strip().replaceAll("\\s+", " "));
        }
    }

    private final Schemas schemas;

    private Validate() throws Exception {
        schemas = new Schemas();
    }

    /** Runs the check; see the class for arguments and exit codes. */
    public static void main(String[] args) throws Exception {
        Path cache = null;
        List<Path> rules = new ArrayList<>();
        List<Path> controls = new ArrayList<>();
        List<Path> documents = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--cache" -> cache = Path.of(args[++i]);
                case "--rules" -> rules.add(Path.of(args[++i]));
                case "--control" -> controls.add(Path.of(args[++i]));
                default -> documents.addAll(expand(Path.of(args[i])));
            }
        }
        if (cache == null || rules.isEmpty() || documents.isEmpty() && controls.isEmpty()) {
            System.err.println("use: Validate --cache DIR --rules FILE.sch... [--control EXAMPLE.xml]... DOCUMENT-OR-FOLDER...");
            System.exit(2);
        }
        System.exit(new Validate().run(cache, rules, controls, documents));
    }

    private static List<Path> expand(Path p) throws IOException {
        if (!Files.isDirectory(p)) {
            return List.of(p);
        }
        try (Stream<Path> files = Files.list(p)) {
            return files.filter(f -> f.toString().endsWith(".xml")).sorted().toList();
        }
    }

    private int run(Path cache, List<Path> ruleFiles, List<Path> controls, List<Path> documents) throws IOException {
        List<Rules> rules = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        for (Path file : ruleFiles) {
            try {
                rules.add(new Rules(file.getFileName().toString(), compile(cache, file)));
            } catch (Exception e) {
                System.err.println("compile " + file + ": " + e.getMessage());
                return 2;
            }
        }
        for (Path example : controls) {
            if (!controlled(example, rules)) {
                return 2;
            }
        }
        if (!controls.isEmpty()) {
            System.err.println("control: " + controls.size() + " published examples pass, and fail when broken");
        }
        for (Path document : documents) {
            check(document.getFileName().toString(), Files.readAllBytes(document), rules, faults);
        }
        int fatal = 0;
        for (Fault f : faults) {
            fatal += f.fatal() ? 1 : 0;
            out.println(f);
        }
        int warnings = faults.size() - fatal;
        out.printf("%d documents, %d rule files: %d fatal, %d warnings%n", documents.size(), rules.size(), fatal, warnings);
        out.flush();
        return fatal > 0 ? 1 : 0;
    }

    private XsltExecutable compile(Path cache, Path rules) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(Files.readAllBytes(rules));
        digest.update(resourceVersion());
        Path kept = cache.resolve(HexFormat.of().formatHex(digest.digest()).substring(0, 32) + ".xsl");
        XsltCompiler compiler = processor.newXsltCompiler();
        if (!Files.exists(kept)) {
            Files.createDirectories(cache);
            Path fresh = Files.createTempFile(cache, "rules", ".tmp");
            String system = Validate.class.getResource(PIPELINE).toString();
            Serializer to = processor.newSerializer(fresh.toFile());
            compiler.compile(new StreamSource(system)).load30()
                .transform(new StreamSource(rules.toFile()), to);
            to.close();
            Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        XsltCompiler quiet = processor.newXsltCompiler();
        quiet.setErrorReporter(fault -> {
            if (!fault.isWarning()) {
                System.err.println(rules + ": " + fault.getMessage());
            }
        });
        return quiet.compile(new StreamSource(kept.toFile()));
    }

    private static byte[] resourceVersion() throws IOException {
        try (var in = Validate.class.getResourceAsStream("/META-INF/maven/name.dmaus.schxslt/schxslt/pom.properties")) {
            return in == null ? new byte[0] : in.readAllBytes();
        }
    }

    /** A published example passes, and its broken copies fail under every rule file. */
    private boolean controlled(Path example, List<Rules> rules) throws IOException {
        String text = Files.readString(example);
        String name = example.getFileName().toString();
        List<Fault> found = new ArrayList<>();
        check(name, text.getBytes(StandardCharsets.UTF_8), rules, found);
        for (Fault f : found) {
            if (f.fatal()) {
                System.err.println("control: a published example fails: " + f);
                return false;
            }
        }
        String broken = text.replaceFirst("<cbc:PayableAmount([^>]*)>[^<]*<", "<cbc:PayableAmount$1>0.01<")
            .replaceFirst("<cbc:ProfileID>[^<]*<", "<cbc:ProfileID>none<")
            .replaceFirst("(?s)(<cbc:ProfileID>.*?</cbc:ProfileID>)(\\s*)(<cbc:ID>.*?</cbc:ID>)", "$3$2$1");
        for (Rules r : rules) {
            found.clear();
            check(name, broken.getBytes(StandardCharsets.UTF_8), List.of(r), found);
            if (found.stream().noneMatch(f -> f.rules().equals(r.name()) && f.fatal()) || found.stream().noneMatch(f -> f.id().equals("XSD"))) {
                System.err.println("control: " + r.name() + " or the UBL schema finds nothing in a broken copy of " + name);
                return false;
            }
        }
        return true;
    }

    private static StreamSource source(byte[] document) {
        return new StreamSource(new ByteArrayInputStream(document));
    }

    private void check(String name, byte[] document, List<Rules> rules, List<Fault> to) {
        XdmNode tree;
        try {
            tree = processor.newDocumentBuilder().build(source(document));
        } catch (SaxonApiException e) {
            to.add(new Fault(name, "-", "fatal", "UNREADABLE", "/", String.valueOf(e.getMessage())));
            return;
        }
        String kind = tree.children("*").iterator().next().getNodeName().getNamespace();
        try {
            if (!schemas.knows(kind)) {
                to.add(new Fault(name, "-", "fatal", "NO-RULE", "/", "not a UBL invoice or credit note: " + kind));
                return;
            }
            List<String> fault = schemas.fault(kind, source(document));
            if (!fault.isEmpty()) {
                to.add(new Fault(name, "UBL-2.1.xsd", "fatal", "XSD", fault.get(0), fault.get(1)));
            }
        } catch (Exception e) {
            to.add(new Fault(name, "UBL-2.1.xsd", "fatal", "BROKEN-RULE", "/", String.valueOf(e)));
        }
        for (Rules r : rules) {
            try {
                XdmDestination report = new XdmDestination();
                r.program().load30().transform(tree.asSource(), report);
                judge(name, r, report.getXdmNode(), to);
            } catch (SaxonApiException e) {
                to.add(new Fault(name, r.name(), "fatal", "BROKEN-RULE", "/", String.valueOf(e.getMessage())));
            }
        }
    }

    private void judge(String name, Rules r, XdmNode report, List<Fault> to) throws SaxonApiException {
        XPathCompiler xpath = processor.newXPathCompiler();
        xpath.declareNamespace("svrl", SVRL);
        if (xpath.evaluate("//svrl:fired-rule", report).size() == 0) {
            to.add(new Fault(name, r.name(), "fatal", "NO-RULE", "/", "no rule applies to this document"));
        }
        for (XdmItem item : xpath.evaluate("//svrl:failed-assert|//svrl:successful-report", report)) {
            XdmNode a = (XdmNode) item;
            String flag = attribute(a, "flag", attribute(a, "role", "fatal"));
            String place = attribute(a, "location", "").replaceAll("Q\\{[^}]*\\}", "");
            to.add(new Fault(name, r.name(), flag, attribute(a, "id", "?"), place, a.getStringValue()));
        }
    }

    private static String attribute(XdmNode node, String name, String otherwise) {
        String value = node.attribute(name);
        return value == null ? otherwise : value;
    }
}
