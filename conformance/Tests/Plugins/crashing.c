/* Writes to address 0 in calls of TRIGGER elements: the process ends there (OBJ-15). */
#define NAME "crashing"
#include "fault.h"

static bk_status relu_f32(const bk_frame* f) {
    const float* x = bk_in_f32(f, 0);
    float* y = bk_out_f32(f, 0);
    int64_t n = bk_elements(f->outputs[0]);
    volatile int* volatile nowhere = 0;   /* twice volatile: else the compiler sees a store to nothing, and drops it */
    if (n == TRIGGER) *nowhere = 1;
    for (int64_t i = 0; i < n; i++) y[i] = x[i] <= 0 ? 0 : x[i];
    return BK_OK;
}
