// Parameters that customers choose: those that RDS lets them choose, and how the server takes each.

/** None of them names a file, a program, a host or a plugin. */
const choosable = new Set(
  `aria_pagecache_buffer_size auto_increment_increment auto_increment_offset autocommit back_log
  binlog_cache_size binlog_format binlog_row_image bulk_insert_buffer_size character_set_client
  character_set_connection character_set_database character_set_filesystem character_set_results
  character_set_server collation_connection collation_database collation_server completion_type
  concurrent_insert connect_timeout deadlock_search_depth_long deadlock_search_depth_short
  deadlock_timeout_long deadlock_timeout_short default_week_format delay_key_write div_precision_increment
  event_scheduler explicit_defaults_for_timestamp flush_time ft_max_word_len ft_min_word_len ft_query_expansion_limit
  general_log group_concat_max_len host_cache_size idle_transaction_timeout innodb_adaptive_flushing
  innodb_adaptive_hash_index innodb_autoinc_lock_mode innodb_buffer_pool_size innodb_deadlock_detect
  innodb_default_row_format innodb_fill_factor innodb_flush_log_at_trx_commit innodb_flush_neighbors
  innodb_ft_enable_stopword innodb_ft_max_token_size innodb_ft_min_token_size innodb_io_capacity
  innodb_io_capacity_max innodb_lock_wait_timeout innodb_log_buffer_size innodb_log_file_size innodb_lru_scan_depth
  innodb_max_dirty_pages_pct innodb_old_blocks_pct innodb_old_blocks_time innodb_open_files
  innodb_print_all_deadlocks innodb_purge_threads innodb_random_read_ahead innodb_read_ahead_threshold
  innodb_read_io_threads innodb_rollback_on_timeout innodb_sort_buffer_size innodb_stats_auto_recalc
  innodb_stats_on_metadata innodb_stats_persistent innodb_stats_persistent_sample_pages innodb_strict_mode
  innodb_table_locks innodb_write_io_threads interactive_timeout join_buffer_size keep_files_on_create key_buffer_size
  local_infile lock_wait_timeout log_bin_trust_function_creators log_output log_queries_not_using_indexes
  log_slow_admin_statements log_slow_verbosity log_warnings long_query_time lower_case_table_names
  max_allowed_packet max_connect_errors max_connections max_delayed_threads max_error_count max_heap_table_size
  max_join_size max_length_for_sort_data max_prepared_stmt_count max_seeks_for_key max_sort_length
  max_sp_recursion_depth max_statement_time max_user_connections max_write_lock_count min_examined_row_limit
  myisam_sort_buffer_size net_buffer_length net_read_timeout net_retry_count net_write_timeout old_mode
  optimizer_prune_level optimizer_search_depth optimizer_switch performance_schema preload_buffer_size
  query_alloc_block_size query_cache_limit query_cache_min_res_unit query_cache_size query_cache_type
  query_cache_wlock_invalidate query_prealloc_size range_alloc_block_size read_buffer_size read_rnd_buffer_size
  require_secure_transport skip_show_database slow_launch_time slow_query_log sort_buffer_size sql_mode
  sql_select_limit stored_program_cache strict_password_validation sync_frm table_definition_cache table_open_cache
  table_open_cache_instances thread_cache_size thread_pool_idle_timeout thread_pool_max_threads thread_pool_size
  thread_stack time_zone tls_version tmp_disk_table_size tmp_table_size transaction_alloc_block_size
  transaction_isolation transaction_prealloc_size tx_isolation updatable_views_with_limit userstat wait_timeout`.split(
    /\s+/,
  ),
);

/** Options of the command line that are called otherwise than the variables. */
const optionNames: Readonly<Record<string, string>> = {
  time_zone: 'default_time_zone',
  tx_isolation: 'transaction_isolation',
};

/** Variables without an option. */
const statementsOnly = new Set([
  'character_set_client',
  'character_set_connection',
  'character_set_database',
  'character_set_results',
  'collation_connection',
  'collation_database',
]);

/** Small, because there may be many on one machine; RDS takes three quarters of the instance's memory. */
const defaults: Readonly<Record<string, string>> = {
  innodb_buffer_pool_size: '33554432',
  innodb_log_file_size: '8388608',
  innodb_log_buffer_size: '2097152',
  key_buffer_size: '1048576',
  aria_pagecache_buffer_size: '8388608',
  table_open_cache_instances: '1',
  character_set_server: 'utf8mb4',
  log_output: 'TABLE',
};

export type Parameters = Readonly<Record<string, string>>;

/** Throws at names that RDS does not let one modify, and at values that are none. */
export function checkNames(parameters: Parameters): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (!choosable.has(name)) throw new Error(`unknown variable '${name}'`);
    if (/[\n\r\0]/.test(value)) throw new Error(`the value of '${name}' holds a line end`);
    if (statementsOnly.has(name) && !/^\w{1,64}$/.test(value))
      throw new Error(`'${value}' is no value for '${name}'`);
  }
}

/** With ours where nothing was chosen. */
export function complete(parameters: Parameters): Parameters {
  return { ...defaults, ...parameters };
}

/** Words of the command line. The name's ways of writing are fixed here, so that no value can be taken for a name. */
export function optionWords(parameters: Parameters): string[] {
  return Object.entries(parameters)
    .filter(([name]) => !statementsOnly.has(name))
    .map(([name, value]) => `--${optionNames[name] ?? name}=${value}`);
}

/** `SET GLOBAL` for those that the command line does not take. */
export function startStatements(parameters: Parameters): string[] {
  return Object.entries(parameters)
    .filter(([name]) => statementsOnly.has(name))
    .map(([name, value]) => setStatement(name, value));
}

const NUMBER = /^-?\d+(\.\d+)?$/;
const SIZE = /^(\d+)([KMG])$/i;

/** Sets one in a server that runs; undefined gives it back its default. */
export function setStatement(name: string, value: string | undefined): string {
  return `SET GLOBAL ${name} = ${value === undefined ? 'DEFAULT' : valueText(value)}`;
}

function valueText(value: string): string {
  if (NUMBER.test(value)) return value;
  const [, amount, unit = ''] = SIZE.exec(value) ?? [];
  if (amount !== undefined) return String(Number(amount) * 1_024 ** (1 + 'KMG'.indexOf(unit.toUpperCase())));
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
