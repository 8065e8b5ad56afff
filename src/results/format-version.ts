/** Version of a run's results: part of every run id, so it is raised only when the same configuration gives other results. */
export const RESULT_FORMAT_VERSION = 1;
