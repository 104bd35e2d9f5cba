/**
 * Built-in functions of SQLite 3.50 and its usual extensions (JSON, FTS5 auxiliary,
 * `generate_series`) that only compute or read, and the pragma functions that have no effect. Left
 * out: `load_extension`, `fts3_tokenizer`, `sqlite_log`, and what the command-line shell adds
 * (`readfile`, `writefile`, `edit`).
 */
export const SQLITE_FUNCTIONS = `
abs acos acosh asin asinh atan atan2 atanh avg bigint binary blob bm25 boolean cast ceil ceiling
changes char character coalesce concat concat_ws cos cosh count cume_dist current_date
current_time current_timestamp date datetime decimal degrees dense_rank double exp first_value
float floor format generate_series glob group_concat hex highlight if ifnull iif instr int integer
json json_array json_array_insert json_array_length json_each json_error_position json_extract
json_group_array json_group_object json_insert json_object json_patch json_pretty json_quote
json_remove json_replace json_set json_tree json_type json_valid jsonb jsonb_array
jsonb_array_insert jsonb_each jsonb_extract jsonb_group_array jsonb_group_object jsonb_insert
jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set jsonb_tree julianday lag
last_insert_rowid last_value lead length like likelihood likely ln log log10 log2 lower ltrim
match matchinfo max median min mod nchar nth_value ntile nullif numeric nvarchar octet_length
offsets percent_rank percentile percentile_cont percentile_disc pi pow power pragma_collation_list
pragma_compile_options pragma_database_list pragma_foreign_key_list pragma_function_list
pragma_index_info pragma_index_list pragma_index_xinfo pragma_module_list pragma_pragma_list
pragma_table_info pragma_table_list pragma_table_xinfo printf quote radians random randomblob rank
real replace round row_number rtrim sign sin sinh snippet soundex sqlite_compileoption_get
sqlite_compileoption_used sqlite_offset sqlite_source_id sqlite_version sqrt strftime string_agg
substr substring subtype sum tan tanh text time timediff total total_changes trim trunc typeof
unhex unicode unistr unistr_quote unixepoch unlikely upper varchar zeroblob`
