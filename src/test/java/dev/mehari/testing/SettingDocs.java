package dev.mehari.testing;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The javadoc of records and enums of a folder, as Markdown, by the simple names of classes ({@code Outer.Inner}). */
public final class SettingDocs {
    private final Map<String, String> words = new HashMap<>();

    private SettingDocs() {}

    public static SettingDocs read(Path folder) {
        SettingDocs docs = new SettingDocs();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> sources = Files.list(folder);
                StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<Path> paths =
                    sources.filter(path -> path.toString().endsWith(".java")).toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, problem -> {}, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(paths));
            DocTrees trees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                docs.new Scan(trees).scan(unit, "");
            }
            return docs;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What is said of a class, such as {@code MehariSettings.Limits}; empty: nothing. */
    public String of(String type) {
        return words.getOrDefault(type, "");
    }

    /** What is said of a record's component or of a constant; empty: nothing. */
    public String of(String type, String member) {
        return words.getOrDefault(type + "#" + member, "");
    }

    private final class Scan extends TreePathScanner<Void, String> {
        private final DocTrees trees;

        Scan(DocTrees trees) {
            this.trees = trees;
        }

        @Override
        public Void visitClass(ClassTree tree, String outer) {
            String name = outer.isEmpty() ? tree.getSimpleName().toString() : outer + "." + tree.getSimpleName();
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null) {
                words.put(name, text(comment.getFullBody()));
                for (DocTree tag : comment.getBlockTags()) {
                    if (tag instanceof ParamTree param) {
                        words.put(name + "#" + param.getName().getName(), text(param.getDescription()));
                    }
                }
            }
            return super.visitClass(tree, name);
        }

        @Override
        public Void visitVariable(VariableTree tree, String outer) {
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null) {
                words.put(outer + "#" + tree.getName(), text(comment.getFullBody()));
            }
            return super.visitVariable(tree, outer);
        }
    }

    private static String text(List<? extends DocTree> parts) {
        StringBuilder text = new StringBuilder();
        for (DocTree part : parts) {
            text.append(
                    switch (part) {
                        case TextTree words -> words.getBody();
                        case LiteralTree literal -> "`" + literal.getBody().getBody() + "`";
                        case LinkTree link -> "`" + link.getReference().getSignature() + "`";
                        default -> "";
                    });
        }
        return text.toString().replaceAll("\\s+", " ").strip();
    }
}
