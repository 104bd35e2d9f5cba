/**
 * Built-in functions of MySQL 8 and MariaDB 10/11 that only compute or read. Left out:
 * `BENCHMARK`, `SLEEP`, `LOAD_FILE`, named locks, sequence functions and everything that waits for
 * replication.
 */
export const MYSQL_FUNCTIONS = `
abs acos add_months adddate addtime aes_decrypt aes_encrypt any_value ascii asin atan atan2 avg
bigint bin bin_to_uuid binary bit bit_and bit_count bit_length bit_or bit_xor blob boolean
can_access_column can_access_database can_access_table can_access_view cast ceil ceiling char
char_length character character_length charset chr coalesce coercibility collation column_add
column_check column_create column_delete column_exists column_get column_json column_list compress
concat concat_ws connection_id conv convert convert_tz cos cot count crc32 crc32c cume_dist
curdate current_date current_role current_time current_timestamp current_user curtime database
date date_add date_format date_sub datediff datetime day dayname dayofmonth dayofweek dayofyear
dec decimal decode decode_oracle default degrees dense_rank des_decrypt des_encrypt double elt encode encrypt
enum exp export_set extract extractvalue field find_in_set first_value fixed float floor format
format_bytes format_pico_time found_rows from_base64 from_days from_unixtime geomcollection
geometrycollection geomfromtext get_format greatest group_concat grouping gtid_subset
gtid_subtract hex hour icu_version if ifnull inet6_aton inet6_ntoa inet_aton inet_ntoa insert
instr int integer interval is_free_lock is_ipv4 is_ipv4_compat is_ipv4_mapped is_ipv6 is_used_lock
is_uuid isnull json json_array json_array_append json_array_insert json_array_intersect
json_arrayagg json_compact json_contains json_contains_path json_depth json_detailed json_equals
json_exists json_extract json_insert json_keys json_length json_loose json_merge json_merge_patch
json_merge_preserve json_normalize json_object json_object_filter_keys json_object_to_array
json_objectagg json_overlaps json_pretty json_query json_quote json_remove json_replace
json_schema_valid json_schema_validation_report json_search json_set json_storage_free
json_storage_size json_table json_type json_unquote json_valid json_value kdf lag last_day
last_insert_id last_value lastval lcase lead least left length lengthb linestring ln localtime
localtimestamp locate log log10 log2 longtext lower lpad ltrim make_set makedate maketime max
mbrcontains mbrcoveredby mbrcovers mbrdisjoint mbrequals mbrintersects mbroverlaps mbrtouches
mbrwithin md5 median mediumint mediumtext microsecond mid min minute mod month monthname
months_between multilinestring multipoint multipolygon name_const national natural_sort_key nchar
now nth_value ntile nullif numeric nvarchar nvl nvl2 oct octet_length old_password ord password
percent_rank percentile_cont percentile_disc period_add period_diff pi point polygon position pow
power ps_current_thread_id ps_thread_id quarter quote radians rand random_bytes rank real
regexp_instr regexp_like regexp_replace regexp_substr repeat replace reverse right roles_graphml
round row_count row_number rownum rpad rtrim schema sec_to_time second session_user sformat sha
sha1 sha2 sign signed sin smallint soundex space sqrt st_area st_asbinary st_asgeojson st_astext
st_aswkb st_aswkt st_boundary st_buffer st_buffer_strategy st_centroid st_collect st_contains
st_convexhull st_crosses st_difference st_dimension st_disjoint st_distance st_distance_sphere
st_endpoint st_envelope st_equals st_exteriorring st_frechetdistance st_geohash
st_geomcollfromtext st_geometryn st_geometrytype st_geomfromgeojson st_geomfromtext st_geomfromwkb
st_hausdorffdistance st_interiorringn st_intersection st_intersects st_isclosed st_isempty
st_isring st_issimple st_isvalid st_latfromgeohash st_latitude st_length st_linefromtext
st_lineinterpolatepoint st_lineinterpolatepoints st_longfromgeohash st_longitude st_makeenvelope
st_numgeometries st_numinteriorring st_numinteriorrings st_numpoints st_overlaps st_perimeter
st_pointatdistance st_pointfromgeohash st_pointfromtext st_pointn st_pointonsurface
st_polyfromtext st_relate st_simplify st_srid st_startpoint st_swapxy st_symdifference st_touches
st_transform st_union st_validate st_within st_x st_y statement_digest statement_digest_text std
stddev stddev_pop stddev_samp str_to_date strcmp subdate substr substring substring_index subtime
sum sys_guid sysdate system_user tan text time time_format time_to_sec timediff timestamp
timestampadd timestampdiff tinyint to_base64 to_char to_date to_days to_number to_seconds trim
trunc truncate ucase uncompress uncompressed_length unhex unix_timestamp unsigned updatexml upper
user utc_date utc_time utc_timestamp uuid uuid_to_bin uuid_v4 uuid_v7 validate_password_strength
value values var_pop var_samp varbinary varchar variance vec_distance vec_distance_cosine
vec_distance_euclidean vec_fromtext vec_totext version week weekday weekofyear weight_string year
yearweek`
