// Lucene as a peer, with its CJK (bigrams) or its smartcn (words) analyzer; see sqlite_peer.py for the
// commands and the corpus.
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.document.*;
import org.apache.lucene.facet.FacetsCollector;
import org.apache.lucene.facet.FacetsConfig;
import org.apache.lucene.facet.sortedset.*;
import org.apache.lucene.index.*;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.*;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.store.MMapDirectory;

public class LucenePeer {
    static Analyzer analyzer(String name) {
        // No stop words: a stop word inside a phrase would match anything.
        return name.equals("cjk") ? new CJKAnalyzer(CharArraySet.EMPTY_SET)
            : new SmartChineseAnalyzer(CharArraySet.EMPTY_SET);
    }

    static void index(String name, Path corpus, Path folder) throws Exception {
        IndexWriterConfig config = new IndexWriterConfig(analyzer(name)).setRAMBufferSizeMB(256);
        FacetsConfig facets = new FacetsConfig();
        FieldType body = new FieldType(TextField.TYPE_STORED);
        body.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS_AND_OFFSETS);
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        Semaphore room = new Semaphore(64);
        List<Future<?>> last = new ArrayList<>();
        try (IndexWriter writer = new IndexWriter(new MMapDirectory(folder), config);
             BufferedReader lines = Files.newBufferedReader(corpus)) {
            for (String line; (line = lines.readLine()) != null; ) {
                String[] columns = line.split("\t", -1);
                room.acquire();
                Future<?> done = pool.submit(() -> {
                    try {
                        Document document = new Document();
                        document.add(new StoredField("n", columns[0]));
                        document.add(new SortedSetDocValuesFacetField("year", columns[1].isEmpty() ? "0" : columns[1]));
                        document.add(new StoredField("title", columns[2]));
                        document.add(new Field("body", columns[2] + "\n" + columns[3].replace('\u001e', '\n'), body));
                        writer.addDocument(facets.build(document));
                    } finally {
                        room.release();
                    }
                    return null;
                });
                last.add(done);
                if (last.size() > 1000) { last.remove(0).get(); }
            }
            for (Future<?> done : last) done.get();
            pool.shutdown();
            writer.commit();
        }
    }

    static Query phrase(String name, String query) throws Exception {
        return new QueryParser("body", analyzer(name)).parse("\"" + QueryParser.escape(query) + "\"");
    }

    /** Counts by year, the first ten, their texts with what was found marked. */
    static long ask(String name, IndexSearcher searcher, SortedSetDocValuesReaderState state, String text, boolean print)
            throws Exception {
        Query query = phrase(name, text);
        FacetsCollector collector = new FacetsCollector();
        TopDocs top = FacetsCollector.search(searcher, query, 10, collector);
        if (top.scoreDocs.length > 0) new SortedSetDocValuesFacetCounts(state, collector).getTopChildren(10, "year");
        String[] passages = new UnifiedHighlighter(searcher, analyzer(name)).highlight("body", query, top);
        for (int i = 0; print && i < passages.length; i++)
            System.out.println(searcher.doc(top.scoreDocs[i].doc).get("title") + ": " + passages[i]);
        long count = 0;
        for (FacetsCollector.MatchingDocs docs : collector.getMatchingDocs()) count += docs.totalHits;
        return count;
    }

    public static void main(String[] args) throws Exception {
        String name = args[0];
        if (args[1].equals("index")) {
            index(name, Path.of(args[2]), Path.of(args[3]));
            return;
        }
        DirectoryReader reader = DirectoryReader.open(new MMapDirectory(Path.of(args[2])));
        IndexSearcher searcher = new IndexSearcher(reader);
        BooleanQuery.setMaxClauseCount(1 << 20);
        SortedSetDocValuesReaderState state = new DefaultSortedSetDocValuesReaderState(reader);
        if (args[1].equals("one")) {
            System.out.println(ask(name, searcher, state, args[3], true));
            return;
        }
        List<String> queries = Files.readAllLines(Path.of(args[3]));
        // A virtual machine must run a while before it is quick.
        if (args[1].equals("time")) for (String query : queries) ask(name, searcher, state, query, false);
        for (String query : queries) {
            if (args[1].equals("time")) {
                long start = System.nanoTime();
                long count = ask(name, searcher, state, query, false);
                System.out.println((System.nanoTime() - start) / 1000 + "\t" + count);
            } else {
                StringBuilder line = new StringBuilder();
                int all = Math.max(1, reader.maxDoc());
                for (ScoreDoc hit : searcher.search(phrase(name, query), all, Sort.INDEXORDER).scoreDocs)
                    line.append(searcher.doc(hit.doc).get("n")).append(' ');
                System.out.println(line);
            }
        }
    }
}
