export declare function differingFiles(expectedDir: string, foundDir: string): string[];
