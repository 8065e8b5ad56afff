/** Cases in which we knowingly differ from the recorded Hydra, by rule or by id, each with its reason. */
export const DEVIATIONS = new Map([]);
