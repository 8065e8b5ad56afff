/**
 * CPython 3.11's Lib/heapq.py, line by line, for items compared by `time` alone (`__lt__`): heappush, heappop,
 * _siftdown and _siftup. The reference for `HeapqQueue`.
 */
export interface HeapItem {
  readonly time: number;
  readonly id: number;
}

export function heappush(heap: HeapItem[], item: HeapItem): void {
  heap.push(item);
  siftdown(heap, 0, heap.length - 1);
}

export function heappop(heap: HeapItem[]): HeapItem | undefined {
  const lastelt = heap.pop();
  if (lastelt === undefined || heap.length === 0) return lastelt;
  const returnitem = heap[0];
  heap[0] = lastelt;
  siftup(heap, 0);
  return returnitem;
}

function siftdown(heap: HeapItem[], startpos: number, start: number): void {
  let pos = start;
  const newitem = heap[pos];
  while (pos > startpos) {
    const parentpos = (pos - 1) >> 1;
    const parent = heap[parentpos];
    if (newitem.time < parent.time) {
      heap[pos] = parent;
      pos = parentpos;
      continue;
    }
    break;
  }
  heap[pos] = newitem;
}

function siftup(heap: HeapItem[], start: number): void {
  let pos = start;
  const endpos = heap.length;
  const startpos = pos;
  const newitem = heap[pos];
  let childpos = 2 * pos + 1;
  while (childpos < endpos) {
    const rightpos = childpos + 1;
    if (rightpos < endpos && !(heap[childpos].time < heap[rightpos].time)) childpos = rightpos;
    heap[pos] = heap[childpos];
    pos = childpos;
    childpos = 2 * pos + 1;
  }
  heap[pos] = newitem;
  siftdown(heap, startpos, pos);
}
