// Xapian as a peer, with its n-grams for Chinese; see sqlite_peer.py for the commands and the corpus.
#include <xapian.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

static const auto FLAGS = Xapian::QueryParser::FLAG_PHRASE | Xapian::QueryParser::FLAG_CJK_NGRAM;

static void index(const std::string& corpus, const std::string& folder) {
    Xapian::WritableDatabase db(folder + "/db", Xapian::DB_CREATE_OR_OVERWRITE);
    Xapian::TermGenerator generator;
    generator.set_flags(Xapian::TermGenerator::FLAG_CJK_NGRAM);
    std::ifstream lines(corpus);
    for (std::string line; std::getline(lines, line);) {
        size_t a = line.find('\t'), b = line.find('\t', a + 1), c = line.find('\t', b + 1);
        std::string title = line.substr(b + 1, c - b - 1), text = line.substr(c + 1);
        for (char& byte : text)
            if (byte == '\x1e') byte = '\n';
        Xapian::Document document;
        generator.set_document(document);
        generator.set_termpos(0);
        generator.index_text(title);
        generator.increase_termpos();
        // A phrase must not go on in the next paragraph.
        for (size_t from = 0; from <= text.size();) {
            size_t to = std::min(text.find('\n', from), text.size());
            generator.index_text(text.substr(from, to - from));
            generator.increase_termpos();
            from = to + 1;
        }
        document.set_data(title + "\n" + text);
        document.add_value(0, line.substr(0, a));
        document.add_value(1, line.substr(a + 1, b - a - 1));
        db.add_document(document);
    }
    db.commit();
}

static Xapian::Query phrase(Xapian::QueryParser& parser, const std::string& query) {
    return parser.parse_query("\"" + query + "\"", FLAGS);
}

// Counts by year, the first ten, their texts with what was found marked.
static size_t ask(Xapian::Database& db, Xapian::QueryParser& parser, const std::string& query, bool print) {
    Xapian::Enquire enquire(db);
    Xapian::ValueCountMatchSpy years(1);
    enquire.add_matchspy(&years);
    enquire.set_query(phrase(parser, query));
    Xapian::MSet found = enquire.get_mset(0, 10, db.get_doccount());
    for (auto hit = found.begin(); hit != found.end(); ++hit) {
        std::string passage = found.snippet(hit.get_document().get_data(), 300, Xapian::Stem(),
                                            Xapian::MSet::SNIPPET_CJK_NGRAM);
        if (print) std::cout << passage << "\n";
    }
    return years.get_total();
}

int main(int argc, char** argv) {
    std::string command = argv[1];
    if (command == "index") {
        index(argv[2], argv[3]);
        return 0;
    }
    Xapian::Database db(std::string(argv[2]) + "/db");
    Xapian::QueryParser parser;
    parser.set_database(db);
    if (command == "one") {
        std::cout << ask(db, parser, argv[3], true) << "\n";
        return 0;
    }
    std::ifstream queries(argv[3]);
    for (std::string query; std::getline(queries, query);) {
        if (command == "time") {
            auto start = std::chrono::steady_clock::now();
            size_t count = ask(db, parser, query, false);
            auto took = std::chrono::steady_clock::now() - start;
            std::cout << std::chrono::duration_cast<std::chrono::microseconds>(took).count() << "\t" << count << "\n";
        } else {
            Xapian::Enquire enquire(db);
            enquire.set_query(phrase(parser, query));
            enquire.set_docid_order(Xapian::Enquire::ASCENDING);
            enquire.set_weighting_scheme(Xapian::BoolWeight());
            Xapian::MSet found = enquire.get_mset(0, db.get_doccount());
            for (auto hit = found.begin(); hit != found.end(); ++hit)
                std::cout << hit.get_document().get_value(0) << " ";
            std::cout << "\n";
        }
    }
}
