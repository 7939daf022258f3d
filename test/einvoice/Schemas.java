import java.io.StringReader;
import java.net.URL;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.transform.Source;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.w3c.dom.bootstrap.DOMImplementationRegistry;
import org.w3c.dom.ls.DOMImplementationLS;
import org.w3c.dom.ls.LSInput;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** The UBL 2.1 schemas of OASIS: they say which elements exist and in which order, which schematron does not check. */
final class Schemas {
    private static final String ROOT = "/external/schemas/ubl21/maindoc/UBL-";
    private static final String UBL = "urn:oasis:names:specification:ubl:schema:xsd:";
    private static final String SIGNATURES = UBL + "CommonSignatureComponents-2";

    private static final String TYPES = "urn:un:unece:uncefact:data:specification:CoreComponentTypeSchemaModule:2";
    private static final String TYPES_AT = "/schemas/CCTS_CCT_SchemaModule.xsd";

    private final Map<String, Schema> byNamespace;

    /** Compiles the schemas of invoices and credit notes from the class path. */
    Schemas() throws Exception {
        byNamespace = Map.of(
            UBL + "Invoice-2", compile("Invoice"),
            UBL + "CreditNote-2", compile("CreditNote"));
    }

    /** Whether there is a schema for documents of the namespace. */
    boolean knows(String namespace) {
        return byNamespace.containsKey(namespace);
    }

    /** The first fault of a document by its namespace's schema, as a place and a text; empty when there is none. */
    List<String> fault(String namespace, Source document) throws Exception {
        try {
            byNamespace.get(namespace).newValidator().validate(document);
            return List.of();
        } catch (SAXParseException e) {
            return List.of(e.getLineNumber() + ":" + e.getColumnNumber(), String.valueOf(e.getMessage()));
        } catch (SAXException e) {
            return List.of("/", String.valueOf(e.getMessage()));
        }
    }

    private static Schema compile(String name) throws Exception {
        URL url = Schemas.class.getResource(ROOT + name + "-2.1.xsd");
        if (url == null) {
            throw new IllegalStateException("no schema of " + name + " on the class path");
        }
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        DOMImplementationLS dom = (DOMImplementationLS) DOMImplementationRegistry.newInstance().getDOMImplementation("LS");
        factory.setResourceResolver((type, namespace, publicId, systemId, base) -> {
            if (TYPES.equals(namespace)) {
                LSInput types = dom.createLSInput();
                types.setSystemId(String.valueOf(Schemas.class.getResource(TYPES_AT)));
                types.setByteStream(Schemas.class.getResourceAsStream(TYPES_AT));
                return types;
            }
            if (!SIGNATURES.equals(namespace)) {
                return null; // as the schema says
            }
            // Invoices of ours are not signed inside; the signature schemas would ask for W3C's and ETSI's.
            LSInput none = dom.createLSInput();
            none.setSystemId("none.xsd");
            none.setCharacterStream(new StringReader(
                "<xsd:schema xmlns:xsd='http://www.w3.org/2001/XMLSchema' targetNamespace='" + SIGNATURES + "'/>"));
            return none;
        });
        return factory.newSchema(url);
    }
}
