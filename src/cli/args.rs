//! What can be typed.

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use fangzhi::search::{Cells, Filters, Level, Mode, Order, PLACE_YEARS, YearFilter, ZoneFilter, parse_dates};
use std::path::PathBuf;

/// Full-text search for collections of Chinese news and web articles.
///
/// Point it at a folder of articles and ask: ranked passages with highlighted hits, exact counts,
/// facets by district (区县) and year. A keyword finds every place where it stands, whatever the
/// word segmentation did; `verify` proves it with a scan.
#[derive(Debug, Parser)]
#[command(name = "fangzhi", version, max_term_width = 100, propagate_version = true)]
#[command(after_help = "Exit codes: 0 something was found, 1 nothing was found, 2 an error, or some \
                        input could not be read (the rest is done).")]
pub struct Cli {
    /// The index folder
    #[arg(long, global = true, value_name = "DIR", default_value = "index")]
    pub index: PathBuf,

    /// When to use colour (NO_COLOR is respected)
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorWhen,

    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read articles and bring the index up to date
    #[command(
        after_help = "Examples:\n  fangzhi index articles\n  fangzhi index 2023 2024 --index news-index\n  \
                            zcat news.jsonl.gz | fangzhi index -"
    )]
    Index(IndexArgs),
    /// Ranked passages with highlighted hits
    #[command(
        after_help = "Examples:\n  fangzhi search 比亚迪\n  fangzhi search '起步区 黄河' --district 济南 --year 2023..2024\n  \
                            fangzhi search 比亚迪 --format jsonl -n 0 | jq .text"
    )]
    Search(SearchArgs),
    /// Count articles, passages and occurrences, exactly
    Count(CountArgs),
    /// Count by district, year, month, source or any metadata key
    #[command(
        after_help = "Examples:\n  fangzhi facets --by district,year\n  fangzhi facets 比亚迪 --by month --format csv\n  \
                            fangzhi facets 比亚迪 --by district,year --level city --format svg > 比亚迪.svg\n  \
                            fangzhi facets --by district --as-of 2015"
    )]
    Facets(FacetsArgs),
    /// Keyword in context, one line an occurrence
    Kwic(KwicArgs),
    /// Show one article
    Show(ShowArgs),
    /// Print the repaired text of files, without an index
    Clean(CleanArgs),
    /// Scan every article and compare with what the index answers
    Verify(QueryArgs),
    /// Say how a query is read and what it matches
    Explain(QueryArgs),
    /// Say what the index holds
    Stats(FormatArgs),
    /// Check that the index is whole
    Check(FormatArgs),
    /// Print a completion script for a shell
    Completions {
        /// bash, zsh, fish, elvish or powershell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For reading
    Text,
    /// One object
    Json,
    /// One object a line
    Jsonl,
    /// With a header
    Csv,
    /// With a header, tab-separated
    Tsv,
}

#[derive(Debug, Args)]
pub struct FormatArgs {
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct IndexArgs {
    /// Files and folders; - for JSON Lines on standard input [default: seeds]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// A TOML file that sets or corrects title, date, year, district per file
    #[arg(long, value_name = "FILE")]
    pub meta: Option<PathBuf>,

    /// A TOML file that adds or corrects places, besides the places.toml of each folder
    #[arg(long, value_name = "FILE")]
    pub places: Option<PathBuf>,

    /// Build the index anew, whatever is there
    #[arg(long)]
    pub rebuild: bool,

    /// Stay, and bring the index up to date whenever a file changes, until Ctrl-C
    #[arg(long)]
    pub watch: bool,

    /// How many threads clean and segment [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,

    /// Memory for what is not yet written, in MB
    #[arg(long, value_name = "MB", default_value_t = 256, value_parser = clap::value_parser!(u32).range(32..=65536))]
    pub memory: u32,
}

/// The filters, the same on every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Filters (repeatable ones: any of the values)")]
pub struct FilterArgs {
    /// Only articles about this district, city or province, or path (山东省/济南市/槐荫区)
    #[arg(long, value_name = "NAME")]
    pub district: Vec<String>,

    /// Only this year, range (2021..2023) or `unknown`
    #[arg(long, value_name = "YEAR", value_parser = year)]
    pub year: Vec<YearFilter>,

    /// Read the names of places, and show them, as they were at the end of this year
    #[arg(long, value_name = "YEAR", value_parser = as_of)]
    pub as_of: Option<i32>,

    /// Only districts and dates at least so sure (0 to 1); others count as unknown
    #[arg(long, value_name = "LEAST", value_parser = confidence)]
    pub confidence: Option<u8>,

    /// Only these days: 2024-01-01..2024-06-30
    #[arg(long, value_name = "DAYS", value_parser = dates)]
    pub date: Vec<(i64, i64)>,

    /// Only this outlet: 济南日报
    #[arg(long, value_name = "NAME")]
    pub source: Vec<String>,

    /// Only paths that match a glob pattern
    #[arg(long, value_name = "GLOB")]
    pub path: Vec<String>,

    /// Only articles whose text is clean, repaired, guessed, lost or thin, or has a repair (mask)
    #[arg(long, value_name = "MARK")]
    pub quality: Vec<String>,

    /// No article whose text is so: --without lost --without thin
    #[arg(long, value_name = "MARK")]
    pub without: Vec<String>,

    /// Title and body, or the whole page
    #[arg(long, value_name = "ZONE", default_value = "body")]
    pub zone: Zone,

    /// The raw text as it stands: no repair, no folding of script, width or case
    #[arg(long)]
    pub as_written: bool,

    /// Only where the keyword begins and ends with words
    #[arg(long)]
    pub whole_word: bool,

    /// Leave out characters that were only guessed
    #[arg(long)]
    pub no_restored: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Zone {
    /// Title and body
    Body,
    /// The whole page
    All,
}

fn year(text: &str) -> Result<YearFilter, String> {
    text.parse().map_err(|e: fangzhi::Error| e.to_string())
}

fn as_of(text: &str) -> Result<i32, String> {
    let (first, last) = (PLACE_YEARS.start(), PLACE_YEARS.end());
    let year = text.parse().ok().filter(|year| (*first..=2100).contains(year));
    year.ok_or_else(|| format!("places are known as they were at the end of the years {first} to {last}"))
}

fn confidence(text: &str) -> Result<u8, String> {
    let value = text.parse::<f32>().ok().filter(|c| (0.0..=1.0).contains(c));
    value
        .map(|c| (c * 100.0).round() as u8)
        .ok_or_else(|| "write a number from 0 to 1, such as 0.8".to_owned())
}

fn dates(text: &str) -> Result<(i64, i64), String> {
    parse_dates(text).map_err(|e| e.to_string())
}

impl FilterArgs {
    /// As the library takes them.
    pub fn filters(&self) -> Filters {
        Filters {
            districts: self.district.clone(),
            years: self.year.clone(),
            dates: self.date.clone(),
            sources: self.source.clone(),
            paths: self.path.clone(),
            quality: self.quality.clone(),
            without: self.without.clone(),
            zone: match self.zone {
                Zone::Body => ZoneFilter::Body,
                Zone::All => ZoneFilter::All,
            },
            as_written: self.as_written,
            whole_word: self.whole_word,
            no_restored: self.no_restored,
            as_of: self.as_of,
            confidence: self.confidence,
        }
    }
}

/// A query, or a file of them.
#[derive(Debug, Args)]
pub struct Queries {
    /// Keywords, separated by spaces; "quoted" for a phrase with spaces
    #[arg(value_name = "QUERY", required_unless_present = "batch", allow_hyphen_values = true)]
    pub query: Option<String>,

    /// Read one query a line from a file (- for standard input)
    #[arg(long, value_name = "FILE", conflicts_with = "query")]
    pub batch: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct SearchArgs {
    #[command(flatten)]
    pub queries: Queries,

    /// How many passages at most (0: all)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    pub limit: usize,

    /// How many passages to skip first
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: usize,

    /// The order of passages
    #[arg(long, value_name = "ORDER", default_value = "relevance", allow_hyphen_values = true)]
    pub sort: SearchSort,

    /// All keywords, any of the words, or all and else any
    #[arg(long, value_name = "MODE", default_value = "auto")]
    pub mode: SearchMode,

    #[command(flatten)]
    pub format: FormatArgs,

    #[command(flatten)]
    pub filters: FilterArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SearchSort {
    Relevance,
    /// The oldest first
    Date,
    /// The newest first
    #[value(name = "-date")]
    DateDescending,
}

impl From<SearchSort> for Order {
    fn from(sort: SearchSort) -> Order {
        match sort {
            SearchSort::Relevance => Order::Relevance,
            SearchSort::Date => Order::Date,
            SearchSort::DateDescending => Order::DateDescending,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SearchMode {
    /// All keywords must occur
    Keyword,
    /// Any of the words, the most relevant first
    Best,
    /// All keywords; when no article has them, best match
    Auto,
}

impl From<SearchMode> for Mode {
    fn from(mode: SearchMode) -> Mode {
        match mode {
            SearchMode::Keyword => Mode::Keyword,
            SearchMode::Best => Mode::Best,
            SearchMode::Auto => Mode::Auto,
        }
    }
}

#[derive(Debug, Args)]
pub struct CountArgs {
    #[command(flatten)]
    pub queries: Queries,

    #[command(flatten)]
    pub format: FormatArgs,

    #[command(flatten)]
    pub filters: FilterArgs,
}

#[derive(Debug, Args)]
pub struct FacetsArgs {
    /// Count only articles that match this query [default: all]
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    pub query: Option<String>,

    /// Facets, separated by commas: district, year, month, date, source, path, article, quality, repair,
    /// encoding, or any metadata key; mentioned-district and mentioned-year for what the text names
    /// besides; two give a cross table
    #[arg(long, value_name = "FACETS", value_delimiter = ',', default_value = "district")]
    pub by: Vec<String>,

    /// At which level districts are counted
    #[arg(long, value_name = "LEVEL", default_value = "told")]
    pub level: FacetLevel,

    /// What the cells of a cross table or picture count
    #[arg(long, value_name = "WHAT", default_value = "articles")]
    pub cells: FacetCells,

    /// In CSV and TSV too, the cross table of two facets with its sums, empty cells and all
    #[arg(long)]
    pub cross: bool,

    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: FacetFormat,

    #[command(flatten)]
    pub filters: FilterArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FacetFormat {
    /// For reading
    Text,
    /// One object
    Json,
    /// One object a line
    Jsonl,
    /// With a header
    Csv,
    /// With a header, tab-separated
    Tsv,
    /// A picture: a heat map of two facets, a time line or bars of one
    Svg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FacetLevel {
    /// The narrowest that each article is about
    Told,
    Province,
    City,
    District,
    /// Each place with all that hold it
    All,
}

impl From<FacetLevel> for Level {
    fn from(level: FacetLevel) -> Level {
        match level {
            FacetLevel::Told => Level::Told,
            FacetLevel::Province => Level::Province,
            FacetLevel::City => Level::City,
            FacetLevel::District => Level::District,
            FacetLevel::All => Level::All,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FacetCells {
    Articles,
    /// Of the query
    Occurrences,
}

impl From<FacetCells> for Cells {
    fn from(cells: FacetCells) -> Cells {
        match cells {
            FacetCells::Articles => Cells::Articles,
            FacetCells::Occurrences => Cells::Occurrences,
        }
    }
}

#[derive(Debug, Args)]
pub struct KwicArgs {
    #[command(flatten)]
    pub queries: Queries,

    /// How many characters on each side
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub width: u32,

    /// The order of lines
    #[arg(long, value_name = "ORDER", default_value = "position")]
    pub sort: KwicSort,

    /// How many lines at most [default: all]
    #[arg(short = 'n', long, value_name = "N")]
    pub limit: Option<usize>,

    #[command(flatten)]
    pub format: FormatArgs,

    #[command(flatten)]
    pub filters: FilterArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KwicSort {
    /// By what stands left of the hit, read from the hit outwards
    Left,
    /// By what stands right of the hit
    Right,
    /// By article and place
    Position,
    /// By day of publication
    Date,
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Its id or its path, as a hit gives them
    #[arg(allow_hyphen_values = true)]
    pub article: String,

    /// The repaired text, the text as it stands, what was repaired, both side by side, or date, source
    /// and districts with their reasons
    #[arg(long, value_name = "VIEW", default_value = "clean")]
    pub view: View,

    /// The text as it stands, as --view raw
    #[arg(long, conflicts_with = "view")]
    pub as_written: bool,

    #[command(flatten)]
    pub format: FormatArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum View {
    Clean,
    Raw,
    Repairs,
    Facets,
}

#[derive(Debug, Args)]
pub struct CleanArgs {
    /// Files; - for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,

    /// The whole page, or title and body
    #[arg(long, value_name = "ZONE", default_value = "all")]
    pub zone: Zone,

    /// No repair: the decoded text as it stands, all of it
    #[arg(long, conflicts_with = "zone")]
    pub as_written: bool,

    /// How many files are cleaned at once [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,

    /// text, or jsonl with every repair and zone
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct QueryArgs {
    /// Keywords, separated by spaces
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    pub query: String,

    #[command(flatten)]
    pub format: FormatArgs,

    #[command(flatten)]
    pub filters: FilterArgs,
}

/// The command as clap describes it, for completions and the manual.
pub fn command() -> clap::Command {
    let mut command = Cli::command();
    command.build();
    command
}

#[cfg(test)]
mod tests {
    #[test]
    fn arguments_are_sound() {
        super::command().debug_assert();
    }
}
