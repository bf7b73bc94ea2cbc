/* backends/operators.h: every operator's declaration, and its attributes in C.
 * Written by `backends generate` from the declarations in sdk/Backends.Abstractions/Operators; do not edit.
 *
 * A kernel finds its operator's struct in frame->attributes; an operator without a struct here has none. Read an
 * attribute through its function, int64_t dim = bk_softmax_dim(frame): a field that an older host does not know
 * lies beyond struct_size and has its default (KER-20). Lists live for the call.
 */
#ifndef BACKENDS_OPERATORS_H
#define BACKENDS_OPERATORS_H

#include <math.h>
#include <stddef.h>
#include <backends/backend.h>

#define BK_GIVEN(op, name, type)                                                                                     \
    static inline type bk_##op##_##name(const bk_frame* frame) {                                                     \
        return ((const bk_##op##_attributes*)frame->attributes)->name;                                               \
    }
#define BK_ATTRIBUTE(op, name, type, otherwise)                                                                      \
    static inline type bk_##op##_##name(const bk_frame* frame) {                                                     \
        const bk_##op##_attributes* a = (const bk_##op##_attributes*)frame->attributes;                              \
        return a->struct_size >= offsetof(bk_##op##_attributes, name) + sizeof a->name ? a->name : otherwise;        \
    }

/* ---- abs ------------------------------------------------------------------------------------------------------
 * abs(T x) -> T : T in i8|i16|i32|i64|f16|bf16|f32|f64 ; shape=same(x) ; accuracy=exact ; inplace=y:x
 * y = |x|. |-0| = +0; the lowest integer is itself. */

/* ---- add ------------------------------------------------------------------------------------------------------
 * add(T a, T b) -> T : T in number ; shape=broadcast(a, b) ; accuracy=rounded ; inplace=y:a, y:b
 * y = a + b. Inf - Inf = NaN. */

/* ---- amax -----------------------------------------------------------------------------------------------------
 * amax(T x, i64[] dim = [], bool keep_dim = false) -> T : T in number ; shape=reduce(x, dim, keep_dim) ;
 * accuracy=exact(either_zero)
 * y = the largest of x. NaN wins; of ±0 either is given. Of nothing: an error. */
typedef struct bk_amax_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    const int64_t* dim;          /* dim_length integers; [] when not given */
    int64_t  dim_length;
    int32_t  keep_dim;           /* 0 is false; false when not given */
    int32_t  keep_dim_reserved;  /* 0 */
} bk_amax_attributes;
BK_ATTRIBUTE(amax, dim, const int64_t*, NULL)
BK_ATTRIBUTE(amax, dim_length, int64_t, 0)
BK_ATTRIBUTE(amax, keep_dim, int32_t, 0)

/* ---- any ------------------------------------------------------------------------------------------------------
 * any(T x, i64[] dim = [], bool keep_dim = false) -> bool : T in bool|number ; shape=reduce(x, dim, keep_dim) ;
 * accuracy=exact ; empty=0
 * Whether any of x is not zero; NaN is not. Of nothing: false. */
typedef struct bk_any_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    const int64_t* dim;          /* dim_length integers; [] when not given */
    int64_t  dim_length;
    int32_t  keep_dim;           /* 0 is false; false when not given */
    int32_t  keep_dim_reserved;  /* 0 */
} bk_any_attributes;
BK_ATTRIBUTE(any, dim, const int64_t*, NULL)
BK_ATTRIBUTE(any, dim_length, int64_t, 0)
BK_ATTRIBUTE(any, keep_dim, int32_t, 0)

/* ---- argmax ---------------------------------------------------------------------------------------------------
 * argmax(T x, i64[] dim = [], bool keep_dim = false) -> i64 : T in number ; shape=reduce(x, dim, keep_dim) ;
 * accuracy=exact
 * y = where the largest of x stands, counted from 0 in row-major order over the dimensions of dim. The first of
 * several; the first NaN, if there is one; -0 and +0 are equal. Of nothing: an error. */
typedef struct bk_argmax_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    const int64_t* dim;          /* dim_length integers; [] when not given */
    int64_t  dim_length;
    int32_t  keep_dim;           /* 0 is false; false when not given */
    int32_t  keep_dim_reserved;  /* 0 */
} bk_argmax_attributes;
BK_ATTRIBUTE(argmax, dim, const int64_t*, NULL)
BK_ATTRIBUTE(argmax, dim_length, int64_t, 0)
BK_ATTRIBUTE(argmax, keep_dim, int32_t, 0)

/* ---- bernoulli ------------------------------------------------------------------------------------------------
 * bernoulli(i64[] shape, i64 seed, f64 p = 0.5, i64 offset = 0, dtype dtype = bool) -> T : T in bool|float ;
 * shape=given(shape) ; accuracy=exact ; random=words(1, 1)
 * 1 with probability p, else 0: element i is 1 where word i mod 4 of counter offset + i/4, times 2^-32, is less
 * than p. */
typedef struct bk_bernoulli_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    const int64_t* shape;        /* shape_length integers; always given */
    int64_t  shape_length;
    int64_t  seed;               /* always given */
    double   p;                  /* 0.5 when not given */
    int64_t  offset;             /* 0 when not given */
    int32_t  dtype;              /* a dtype, such as BK_F32; bool when not given */
    int32_t  dtype_reserved;     /* 0 */
} bk_bernoulli_attributes;
BK_GIVEN(bernoulli, shape, const int64_t*)
BK_GIVEN(bernoulli, shape_length, int64_t)
BK_GIVEN(bernoulli, seed, int64_t)
BK_ATTRIBUTE(bernoulli, p, double, 0.5)
BK_ATTRIBUTE(bernoulli, offset, int64_t, 0)
BK_ATTRIBUTE(bernoulli, dtype, int32_t, BK_BOOL)

/* ---- cast -----------------------------------------------------------------------------------------------------
 * cast(T x, dtype to) -> U : T in any, U in any ; shape=same(x) ; accuracy=cast
 * y[i] = x[i] as another dtype. Float to integer truncates, saturates beyond the range, NaN gives 0; integer to
 * integer is modulo 2^w; to bool is x ≠ 0; all else is rounded to nearest, ties to even, once (f64 to 16 and 8 bits
 * also through f32). To f8e4m3 and f8e5m2 saturates at ±448 and ±57344. */
typedef struct bk_cast_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int32_t  to;                 /* a dtype, such as BK_F32; always given */
    int32_t  to_reserved;        /* 0 */
} bk_cast_attributes;
BK_GIVEN(cast, to, int32_t)

/* ---- clamp ----------------------------------------------------------------------------------------------------
 * clamp(T x, scalar low = -inf, scalar high = inf) -> T : T in number ; shape=same(x) ; accuracy=exact(either_zero)
 * ; inplace=y:x
 * y = min(max(x, low), high), so that high wins over a larger low. The bounds take the dtype of x: a fraction is
 * truncated for integers, what lies beyond the range stands for its end, and NaN is no bound. A NaN in x stays; of
 * ±0 either is given. */
typedef struct bk_clamp_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    bk_scalar low;               /* -inf when not given */
    bk_scalar high;              /* inf when not given */
} bk_clamp_attributes;
static const bk_scalar bk_clamp_low_default = { BK_F64, 0, 0xfff0000000000000u };
BK_ATTRIBUTE(clamp, low, bk_scalar, bk_clamp_low_default)
static const bk_scalar bk_clamp_high_default = { BK_F64, 0, 0x7ff0000000000000u };
BK_ATTRIBUTE(clamp, high, bk_scalar, bk_clamp_high_default)

/* ---- concat ---------------------------------------------------------------------------------------------------
 * concat(T[] xs, i64 dim = 0) -> T : T in any ; shape=custom ; accuracy=moved
 * The tensors xs one behind another along dim; in every other dimension they have one size. */
typedef struct bk_concat_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int64_t  dim;                /* 0 when not given */
} bk_concat_attributes;
BK_ATTRIBUTE(concat, dim, int64_t, 0)

/* ---- conv2d ---------------------------------------------------------------------------------------------------
 * conv2d(T x, T weight, T? bias, i64[] stride = [1], i64[] padding = [0], i64[] dilation = [1], i64 groups = 1) ->
 * T : T in number ; shape=custom ; accuracy=product(x, weight)
 * y[n, o, h, w] = bias[o] + Σ x[n, c, h', w'] · weight[o, c', i, j] over the window and the channels of o's group:
 * the channels of x and the results are parted into groups, each result sees its own. Integers wrap modulo 2^w. 0 ·
 * Inf = NaN; outside of x nothing is multiplied. */
typedef struct bk_conv2d_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    const int64_t* stride;       /* stride_length integers; [1] when not given */
    int64_t  stride_length;
    const int64_t* padding;      /* padding_length integers; [0] when not given */
    int64_t  padding_length;
    const int64_t* dilation;     /* dilation_length integers; [1] when not given */
    int64_t  dilation_length;
    int64_t  groups;             /* 1 when not given */
} bk_conv2d_attributes;
static const int64_t bk_conv2d_stride_default[] = { 1 };
BK_ATTRIBUTE(conv2d, stride, const int64_t*, bk_conv2d_stride_default)
BK_ATTRIBUTE(conv2d, stride_length, int64_t, 1)
static const int64_t bk_conv2d_padding_default[] = { 0 };
BK_ATTRIBUTE(conv2d, padding, const int64_t*, bk_conv2d_padding_default)
BK_ATTRIBUTE(conv2d, padding_length, int64_t, 1)
static const int64_t bk_conv2d_dilation_default[] = { 1 };
BK_ATTRIBUTE(conv2d, dilation, const int64_t*, bk_conv2d_dilation_default)
BK_ATTRIBUTE(conv2d, dilation_length, int64_t, 1)
BK_ATTRIBUTE(conv2d, groups, int64_t, 1)

/* ---- copy -----------------------------------------------------------------------------------------------------
 * copy(T x) -> T : T in any ; shape=same(x) ; accuracy=exact
 * y[i] = x[i], bit for bit, whatever the strides of either. */

/* ---- cross_entropy --------------------------------------------------------------------------------------------
 * cross_entropy(T x, I target, enum{mean, sum, none} reduction = mean) -> T : T in float, I in i32|i64 ;
 * shape=custom ; accuracy=composed
 * -log softmax(x)[target], along the last dimension, for each row; then the mean over the rows, or their sum. A
 * target outside of the classes gives 0 for its row, and counts in the mean. The mean of no rows is NaN.
 * Without a kernel the host runs its decomposition. */
#define BK_CROSS_ENTROPY_REDUCTION_MEAN 0
#define BK_CROSS_ENTROPY_REDUCTION_SUM 1
#define BK_CROSS_ENTROPY_REDUCTION_NONE 2
typedef struct bk_cross_entropy_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int32_t  reduction;          /* BK_CROSS_ENTROPY_REDUCTION_*; mean when not given */
    int32_t  reduction_reserved; /* 0 */
} bk_cross_entropy_attributes;
BK_ATTRIBUTE(cross_entropy, reduction, int32_t, BK_CROSS_ENTROPY_REDUCTION_MEAN)

/* ---- cumsum ---------------------------------------------------------------------------------------------------
 * cumsum(T x, i64 dim) -> U : T in bool|number, U = wide(T) ; shape=same(x, dim) ; accuracy=prefix(x)
 * y[i] = x[0] + … + x[i] along dim. Integers and bool are added modulo 2^64 and give 64 bits. From a NaN, or
 * infinities of both signs, on all is NaN. */
typedef struct bk_cumsum_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int64_t  dim;                /* always given */
} bk_cumsum_attributes;
BK_GIVEN(cumsum, dim, int64_t)

/* ---- div ------------------------------------------------------------------------------------------------------
 * div(T a, T b, enum{none, trunc, floor} rounding = none) -> T : T in number ; shape=broadcast(a, b) ;
 * accuracy=quotient(3, 0.5, 1) ; inplace=y:a, y:b
 * y = a / b; trunc and floor round the quotient to an integer. Floats: x / 0 = ±Inf, 0 / 0 = NaN. Integers: none
 * truncates as C# does, x / 0 is unspecified for that element, the lowest integer / -1 is itself. */
#define BK_DIV_ROUNDING_NONE 0
#define BK_DIV_ROUNDING_TRUNC 1
#define BK_DIV_ROUNDING_FLOOR 2
typedef struct bk_div_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int32_t  rounding;           /* BK_DIV_ROUNDING_*; none when not given */
    int32_t  rounding_reserved;  /* 0 */
} bk_div_attributes;
BK_ATTRIBUTE(div, rounding, int32_t, BK_DIV_ROUNDING_NONE)

/* ---- eq -------------------------------------------------------------------------------------------------------
 * eq(T a, T b) -> bool : T in bool|number ; shape=broadcast(a, b) ; accuracy=exact
 * y = whether a = b. NaN is equal to nothing, -0 to +0. */

/* ---- erf ------------------------------------------------------------------------------------------------------
 * erf(T x) -> T : T in float ; shape=same(x) ; accuracy=ulp(16, 16, 2) ; inplace=y:x
 * y = erf x = 2/√π · ∫ e^(-t²) dt from 0 to x. erf ±0 = ±0, erf ±Inf = ±1 exactly. */

/* ---- exp ------------------------------------------------------------------------------------------------------
 * exp(T x) -> T : T in float ; shape=same(x) ; accuracy=ulp(4, 3, 2) ; inplace=y:x
 * y = e^x. exp(±0) = 1 exactly, exp(-Inf) = +0, exp(+Inf) = +Inf; underflow is gradual. */

/* ---- expand ---------------------------------------------------------------------------------------------------
 * expand(T x, i64[] sizes) -> T : T in any ; view ; shape=custom ; accuracy=exact
 * A view that repeats sizes of 1, and new dimensions in front, without copying; a size of -1 keeps that of x.
 * The host does this; no kernel is ever asked. */
typedef struct bk_expand_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    const int64_t* sizes;        /* sizes_length integers; always given */
    int64_t  sizes_length;
} bk_expand_attributes;
BK_GIVEN(expand, sizes, const int64_t*)
BK_GIVEN(expand, sizes_length, int64_t)

/* ---- fill -----------------------------------------------------------------------------------------------------
 * fill(scalar value, i64[] shape, dtype dtype = f32) -> T : T in any ; shape=given(shape) ; accuracy=exact
 * y[i] = value, converted as by cast. */
typedef struct bk_fill_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    bk_scalar value;             /* always given */
    const int64_t* shape;        /* shape_length integers; always given */
    int64_t  shape_length;
    int32_t  dtype;              /* a dtype, such as BK_F32; f32 when not given */
    int32_t  dtype_reserved;     /* 0 */
} bk_fill_attributes;
BK_GIVEN(fill, value, bk_scalar)
BK_GIVEN(fill, shape, const int64_t*)
BK_GIVEN(fill, shape_length, int64_t)
BK_ATTRIBUTE(fill, dtype, int32_t, BK_F32)

/* ---- floor ----------------------------------------------------------------------------------------------------
 * floor(T x) -> T : T in float ; shape=same(x) ; accuracy=exact ; inplace=y:x
 * y = the largest integer that is not above x. ±0 and ±Inf are themselves. */

/* ---- fma ------------------------------------------------------------------------------------------------------
 * fma(T a, T b, T c) -> T : T in number ; shape=broadcast(a, b, c) ; accuracy=rounded ; inplace=y:a, y:b, y:c
 * y = a · b + c, rounded once: a product and a sum are not it. 0 · Inf = NaN, whatever c is. */

/* ---- gather ---------------------------------------------------------------------------------------------------
 * gather(T x, I index, i64 dim) -> T : T in any, I in i32|i64 ; shape=custom ; accuracy=moved ; empty=0
 * y[.., i, ..] = x[.., index[.., i, ..], ..], the position along dim taken from index; bit for bit. A position
 * outside of x gives 0. But for dim, no size of index is larger than that of x. */
typedef struct bk_gather_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int64_t  dim;                /* always given */
} bk_gather_attributes;
BK_GIVEN(gather, dim, int64_t)

/* ---- ge -------------------------------------------------------------------------------------------------------
 * ge(T a, T b) -> bool : T in bool|number ; shape=broadcast(a, b) ; accuracy=exact
 * y = whether a ≥ b. False where either is NaN; -0 = +0. */

/* ---- gelu -----------------------------------------------------------------------------------------------------
 * gelu(T x, enum{none, tanh} approximate = none) -> T : T in float ; shape=same(x) ; accuracy=activation(0, 0, 20)
 * ; inplace=y:x
 * y = x/2 · (1 + erf(x/√2)); with tanh: x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))). Of +Inf +Inf, of -Inf NaN or
 * either zero. */
#define BK_GELU_APPROXIMATE_NONE 0
#define BK_GELU_APPROXIMATE_TANH 1
typedef struct bk_gelu_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int32_t  approximate;        /* BK_GELU_APPROXIMATE_*; none when not given */
    int32_t  approximate_reserved; /* 0 */
} bk_gelu_attributes;
BK_ATTRIBUTE(gelu, approximate, int32_t, BK_GELU_APPROXIMATE_NONE)

/* ---- gt -------------------------------------------------------------------------------------------------------
 * gt(T a, T b) -> bool : T in bool|number ; shape=broadcast(a, b) ; accuracy=exact
 * y = whether a > b. False where either is NaN; -0 = +0. */

/* ---- index_select ---------------------------------------------------------------------------------------------
 * index_select(T x, I index, i64 dim) -> T : T in any, I in i32|i64 ; shape=custom ; accuracy=moved ; empty=0
 * y = x with only those along dim whose positions index names, in its order; bit for bit. A position outside of x
 * gives zeros. */
typedef struct bk_index_select_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int64_t  dim;                /* always given */
} bk_index_select_attributes;
BK_GIVEN(index_select, dim, int64_t)

/* ---- isnan ----------------------------------------------------------------------------------------------------
 * isnan(T x) -> bool : T in float ; shape=same(x) ; accuracy=exact
 * y = true where x is NaN, of either sign and with any payload. */

/* ---- layer_norm -----------------------------------------------------------------------------------------------
 * layer_norm(T x, T? weight, T? bias, i64 trailing = 1, f64 eps = 1e-5) -> T : T in float ; shape=custom ;
 * accuracy=composed
 * y = (x - mean) / √(variance + eps) · weight + bias, mean and variance (divided by n) over the last trailing
 * dimensions, whose shape weight and bias have. A row with NaN or an infinity in it gives NaN.
 * Without a kernel the host runs its decomposition. */
typedef struct bk_layer_norm_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int64_t  trailing;           /* 1 when not given */
    double   eps;                /* 1e-5 when not given */
} bk_layer_norm_attributes;
BK_ATTRIBUTE(layer_norm, trailing, int64_t, 1)
BK_ATTRIBUTE(layer_norm, eps, double, 1e-5)

/* ---- le -------------------------------------------------------------------------------------------------------
 * le(T a, T b) -> bool : T in bool|number ; shape=broadcast(a, b) ; accuracy=exact
 * y = whether a ≤ b. False where either is NaN; -0 = +0. */

/* ---- log ------------------------------------------------------------------------------------------------------
 * log(T x) -> T : T in float ; shape=same(x) ; accuracy=ulp(4, 3, 2) ; inplace=y:x
 * y = ln x. ln 1 = +0 exactly, of ±0 -Inf, of +Inf +Inf; below 0 NaN. */

/* ---- log_softmax ----------------------------------------------------------------------------------------------
 * log_softmax(T x, i64 dim = -1) -> T : T in float ; shape=same(x, dim) ; accuracy=composed
 * y[i] = x[i] - max x - log Σ exp(x[j] - max x), along dim. A -Inf entry gives -Inf; a row of -Inf alone, or with
 * +Inf or NaN in it, gives NaN.
 * Without a kernel the host runs its decomposition. */
typedef struct bk_log_softmax_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int64_t  dim;                /* -1 when not given */
} bk_log_softmax_attributes;
BK_ATTRIBUTE(log_softmax, dim, int64_t, -1)

/* ---- logical_and ----------------------------------------------------------------------------------------------
 * logical_and(T a, T b) -> T : T in bool ; shape=broadcast(a, b) ; accuracy=exact ; inplace=y:a, y:b
 * y = a and b, of truth values alone: x ≠ 0 makes one of a number. */

/* ---- logical_not ----------------------------------------------------------------------------------------------
 * logical_not(T x) -> T : T in bool ; shape=same(x) ; accuracy=exact ; inplace=y:x
 * y = not x, of a truth value. */

/* ---- logical_or -----------------------------------------------------------------------------------------------
 * logical_or(T a, T b) -> T : T in bool ; shape=broadcast(a, b) ; accuracy=exact ; inplace=y:a, y:b
 * y = a or b, of truth values alone: x ≠ 0 makes one of a number. */

/* ---- logical_xor ----------------------------------------------------------------------------------------------
 * logical_xor(T a, T b) -> T : T in bool ; shape=broadcast(a, b) ; accuracy=exact ; inplace=y:a, y:b
 * y = a or b, not both, of truth values alone: x ≠ 0 makes one of a number. */

/* ---- lt -------------------------------------------------------------------------------------------------------
 * lt(T a, T b) -> bool : T in bool|number ; shape=broadcast(a, b) ; accuracy=exact
 * y = whether a < b. False where either is NaN; -0 = +0. */

/* ---- matmul ---------------------------------------------------------------------------------------------------
 * matmul(T a, T b) -> T : T in number ; shape=matmul(a, b) ; accuracy=product(a, b) ; empty=0
 * y[.., i, j] = Σ a[.., i, k] · b[.., k, j]. Integers wrap modulo 2^w. An empty k gives 0; 0 · Inf = NaN. */

/* ---- max_pool2d -----------------------------------------------------------------------------------------------
 * max_pool2d(T x, i64[] kernel, i64[] stride = [], i64[] padding = [0], i64[] dilation = [1]) -> (T values, i64
 * indices) : T in number ; shape=custom ; accuracy=exact(either_zero)
 * values = the largest of each window of x, indices = where it stands in its channel, row-major from 0: the first
 * of several. NaN wins, the first of several; -0 and +0 are equal. stride is kernel, unless given. A window may not
 * lie wholly outside of x. */
typedef struct bk_max_pool2d_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    const int64_t* kernel;       /* kernel_length integers; always given */
    int64_t  kernel_length;
    const int64_t* stride;       /* stride_length integers; [] when not given */
    int64_t  stride_length;
    const int64_t* padding;      /* padding_length integers; [0] when not given */
    int64_t  padding_length;
    const int64_t* dilation;     /* dilation_length integers; [1] when not given */
    int64_t  dilation_length;
} bk_max_pool2d_attributes;
BK_GIVEN(max_pool2d, kernel, const int64_t*)
BK_GIVEN(max_pool2d, kernel_length, int64_t)
BK_ATTRIBUTE(max_pool2d, stride, const int64_t*, NULL)
BK_ATTRIBUTE(max_pool2d, stride_length, int64_t, 0)
static const int64_t bk_max_pool2d_padding_default[] = { 0 };
BK_ATTRIBUTE(max_pool2d, padding, const int64_t*, bk_max_pool2d_padding_default)
BK_ATTRIBUTE(max_pool2d, padding_length, int64_t, 1)
static const int64_t bk_max_pool2d_dilation_default[] = { 1 };
BK_ATTRIBUTE(max_pool2d, dilation, const int64_t*, bk_max_pool2d_dilation_default)
BK_ATTRIBUTE(max_pool2d, dilation_length, int64_t, 1)

/* ---- maximum --------------------------------------------------------------------------------------------------
 * maximum(T a, T b) -> T : T in number ; shape=broadcast(a, b) ; accuracy=exact(either_zero) ; inplace=y:a, y:b
 * y = the larger of a and b. NaN wins; of ±0 either is given. */

/* ---- mean -----------------------------------------------------------------------------------------------------
 * mean(T x, i64[] dim = [], bool keep_dim = false) -> T : T in float ; shape=reduce(x, dim, keep_dim) ;
 * accuracy=mean(x)
 * y = Σ x / n, n the number of elements that become one. The mean of nothing is NaN; +Inf and -Inf together give
 * NaN.
 * Without a kernel the host runs its decomposition. */
typedef struct bk_mean_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    const int64_t* dim;          /* dim_length integers; [] when not given */
    int64_t  dim_length;
    int32_t  keep_dim;           /* 0 is false; false when not given */
    int32_t  keep_dim_reserved;  /* 0 */
} bk_mean_attributes;
BK_ATTRIBUTE(mean, dim, const int64_t*, NULL)
BK_ATTRIBUTE(mean, dim_length, int64_t, 0)
BK_ATTRIBUTE(mean, keep_dim, int32_t, 0)

/* ---- mul ------------------------------------------------------------------------------------------------------
 * mul(T a, T b) -> T : T in number ; shape=broadcast(a, b) ; accuracy=rounded ; inplace=y:a, y:b
 * y = a · b. 0 · Inf = NaN. */

/* ---- ne -------------------------------------------------------------------------------------------------------
 * ne(T a, T b) -> bool : T in bool|number ; shape=broadcast(a, b) ; accuracy=exact
 * y = whether a ≠ b. NaN differs from everything, -0 not from +0. */

/* ---- neg ------------------------------------------------------------------------------------------------------
 * neg(T x) -> T : T in i8|i16|i32|i64|f16|bf16|f32|f64 ; shape=same(x) ; accuracy=exact ; inplace=y:x
 * y = -x. -0 becomes +0 and back; the lowest integer is itself. */

/* ---- nonzero --------------------------------------------------------------------------------------------------
 * nonzero(T x) -> i64 : T in bool|number ; shape=custom ; accuracy=exact ; phases=2
 * The positions of the elements that are not zero, one row each, in row-major order. NaN is not zero. */

/* ---- normal ---------------------------------------------------------------------------------------------------
 * normal(i64[] shape, i64 seed, i64 offset = 0, dtype dtype = f32) -> T : T in float ; shape=given(shape) ;
 * accuracy=exact ; random=words(1, 2)
 * Normal, of mean 0 and variance 1, from the words that uniform takes: the first bit is the sign, the others, as an
 * odd number n = 2m + 1, the probability n·2^-33 (f64: n·2^-65) of the tail beyond. The quantile comes from integer
 * steps and fused multiply-adds (docs/random.md), in f32, for f64 in f64; |y| ≤ 6.34. */
typedef struct bk_normal_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    const int64_t* shape;        /* shape_length integers; always given */
    int64_t  shape_length;
    int64_t  seed;               /* always given */
    int64_t  offset;             /* 0 when not given */
    int32_t  dtype;              /* a dtype, such as BK_F32; f32 when not given */
    int32_t  dtype_reserved;     /* 0 */
} bk_normal_attributes;
BK_GIVEN(normal, shape, const int64_t*)
BK_GIVEN(normal, shape_length, int64_t)
BK_GIVEN(normal, seed, int64_t)
BK_ATTRIBUTE(normal, offset, int64_t, 0)
BK_ATTRIBUTE(normal, dtype, int32_t, BK_F32)

/* ---- one_hot --------------------------------------------------------------------------------------------------
 * one_hot(I index, i64 classes, dtype dtype = f32) -> T : I in i32|i64, T in bool|number ; shape=custom ;
 * accuracy=exact
 * y[.., c] = 1 where index is c, else 0. A class outside of 0..classes-1 gives a row of zeros, and is no fault. */
typedef struct bk_one_hot_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int64_t  classes;            /* always given */
    int32_t  dtype;              /* a dtype, such as BK_F32; f32 when not given */
    int32_t  dtype_reserved;     /* 0 */
} bk_one_hot_attributes;
BK_GIVEN(one_hot, classes, int64_t)
BK_ATTRIBUTE(one_hot, dtype, int32_t, BK_F32)

/* ---- pad ------------------------------------------------------------------------------------------------------
 * pad(T x, i64[] pads, enum{constant, reflect, replicate, circular} mode = constant, scalar value = 0) -> T : T in
 * any ; shape=custom ; accuracy=moved
 * y = x with more elements before and after. pads holds pairs (before, after): those of the last dimension, of the
 * one before it, and so on; dimensions without a pair stay. constant: value, converted as by cast; reflect: x
 * mirrored at its first and last element, which stand once; replicate: the nearest element; circular: x again. */
#define BK_PAD_MODE_CONSTANT 0
#define BK_PAD_MODE_REFLECT 1
#define BK_PAD_MODE_REPLICATE 2
#define BK_PAD_MODE_CIRCULAR 3
typedef struct bk_pad_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    const int64_t* pads;         /* pads_length integers; always given */
    int64_t  pads_length;
    int32_t  mode;               /* BK_PAD_MODE_*; constant when not given */
    int32_t  mode_reserved;      /* 0 */
    bk_scalar value;             /* 0 when not given */
} bk_pad_attributes;
BK_GIVEN(pad, pads, const int64_t*)
BK_GIVEN(pad, pads_length, int64_t)
BK_ATTRIBUTE(pad, mode, int32_t, BK_PAD_MODE_CONSTANT)
static const bk_scalar bk_pad_value_default = { BK_I64, 0, 0u };
BK_ATTRIBUTE(pad, value, bk_scalar, bk_pad_value_default)

/* ---- permute --------------------------------------------------------------------------------------------------
 * permute(T x, i64[] dims) -> T : T in any ; view ; shape=custom ; accuracy=exact
 * A view with the dimensions in another order: dimension d of the result is dimension dims[d] of x. Each is named
 * once; negative ones count from the end.
 * The host does this; no kernel is ever asked. */
typedef struct bk_permute_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    const int64_t* dims;         /* dims_length integers; always given */
    int64_t  dims_length;
} bk_permute_attributes;
BK_GIVEN(permute, dims, const int64_t*)
BK_GIVEN(permute, dims_length, int64_t)

/* ---- pow ------------------------------------------------------------------------------------------------------
 * pow(T a, T b) -> T : T in float ; shape=broadcast(a, b) ; accuracy=ulp(16, 16, 4) ; inplace=y:a, y:b
 * y = a^b, with C11's answers (F.10.4.4): a^±0 = 1 and 1^b = 1, even for NaN; (-1)^±Inf = 1; below 0 an integer b
 * gives the sign, any other NaN; of ±0 and ±Inf an odd integer b keeps the sign. */

/* ---- relu -----------------------------------------------------------------------------------------------------
 * relu(T x) -> T : T in i8|i16|i32|i64|f16|bf16|f32|f64 ; shape=same(x) ; accuracy=exact(either_zero) ; inplace=y:x
 * y = max(x, 0). NaN stays NaN; relu(-0) is either zero. */

/* ---- remainder ------------------------------------------------------------------------------------------------
 * remainder(T a, T b) -> T : T in number ; shape=broadcast(a, b) ; accuracy=rounded(open_by_zero) ; inplace=y:a,
 * y:b
 * y = a - b · ⌊a / b⌋, rounded once: the remainder that has the sign of b, zeros too. Floats: of x by 0 and of ±Inf
 * NaN; by ±Inf a, or that infinity where the signs differ. Integers: by 0 unspecified for that element. */

/* ---- round ----------------------------------------------------------------------------------------------------
 * round(T x) -> T : T in float ; shape=same(x) ; accuracy=exact ; inplace=y:x
 * y = the integer nearest to x, of two the even one. The result has the sign of x: round(-0.4) = -0; ±Inf are
 * themselves. */

/* ---- rsqrt ----------------------------------------------------------------------------------------------------
 * rsqrt(T x) -> T : T in float ; shape=same(x) ; accuracy=ulp(4, 2, 1) ; inplace=y:x
 * y = 1 / √x. Of ±0 ±Inf, of +Inf +0; below 0 NaN. */

/* ---- scaled_dot_product_attention -----------------------------------------------------------------------------
 * scaled_dot_product_attention(T q, T k, T v, T? mask, bool causal = false, f64 scale = nan) -> T : T in float ;
 * shape=custom ; accuracy=composed
 * y = p · v, p = softmax of s = scale · q · kᵀ + mask along the keys. q [.., L, d], k [.., S, d], v [.., S, e];
 * mask [.., L, S] broadcasts to s, and a -Inf in it takes a key out. causal: query i sees keys 0 to i. A row
 * without a key gives 0. scale is 1/√d unless given; NaN stands for that.
 * Without a kernel the host runs its decomposition. */
typedef struct bk_scaled_dot_product_attention_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int32_t  causal;             /* 0 is false; false when not given */
    int32_t  causal_reserved;    /* 0 */
    double   scale;              /* nan when not given */
} bk_scaled_dot_product_attention_attributes;
BK_ATTRIBUTE(scaled_dot_product_attention, causal, int32_t, 0)
BK_ATTRIBUTE(scaled_dot_product_attention, scale, double, NAN)

/* ---- scatter_add ----------------------------------------------------------------------------------------------
 * scatter_add(T x, I index, T src, i64 dim) -> T : T in number, I in i32|i64 ; shape=custom ; accuracy=scattered ;
 * empty=x
 * y = x, and to y[.., index[.., i, ..], ..] is added src[.., i, ..], for each i in any order. Nothing is added at a
 * position outside of x. index and src have one shape, but for dim no larger than x. Integers wrap modulo 2^w; what
 * nothing is added to keeps its bits. */
typedef struct bk_scatter_add_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int64_t  dim;                /* always given */
} bk_scatter_add_attributes;
BK_GIVEN(scatter_add, dim, int64_t)

/* ---- sigmoid --------------------------------------------------------------------------------------------------
 * sigmoid(T x) -> T : T in float ; shape=same(x) ; accuracy=activation(16, 4, 0) ; inplace=y:x
 * y = 1 / (1 + e^-x). Of -Inf +0, of +Inf 1, exactly. */

/* ---- silu -----------------------------------------------------------------------------------------------------
 * silu(T x) -> T : T in float ; shape=same(x) ; accuracy=activation(17, 4, 0) ; inplace=y:x
 * y = x / (1 + e^-x). Of +Inf +Inf, of -Inf NaN or either zero. */

/* ---- sin ------------------------------------------------------------------------------------------------------
 * sin(T x) -> T : T in float ; shape=same(x) ; accuracy=ulp(4, 4, 2) ; inplace=y:x
 * y = sin x, x in radians, over the whole range. sin ±0 = ±0; of ±Inf NaN. */

/* ---- slice ----------------------------------------------------------------------------------------------------
 * slice(T x, i64 dim, i64 start = 0, i64 stop = max, i64 step = 1) -> T : T in any ; view ; shape=custom ;
 * accuracy=exact
 * A view of every step-th index of one dimension, from start up to but without stop; negative values count from the
 * end, a negative step walks backwards.
 * The host does this; no kernel is ever asked. */
typedef struct bk_slice_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int64_t  dim;                /* always given */
    int64_t  start;              /* 0 when not given */
    int64_t  stop;               /* max when not given */
    int64_t  step;               /* 1 when not given */
} bk_slice_attributes;
BK_GIVEN(slice, dim, int64_t)
BK_ATTRIBUTE(slice, start, int64_t, 0)
BK_ATTRIBUTE(slice, stop, int64_t, INT64_MAX)
BK_ATTRIBUTE(slice, step, int64_t, 1)

/* ---- softmax --------------------------------------------------------------------------------------------------
 * softmax(T x, i64 dim = -1) -> T : T in float ; shape=same(x, dim) ; accuracy=composed
 * y[i] = exp(x[i] - max x) / Σ exp(x[j] - max x), along dim. A -Inf entry gives +0; a row of -Inf alone, or with
 * +Inf or NaN in it, gives NaN.
 * Without a kernel the host runs its decomposition. */
typedef struct bk_softmax_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int64_t  dim;                /* -1 when not given */
} bk_softmax_attributes;
BK_ATTRIBUTE(softmax, dim, int64_t, -1)

/* ---- sort -----------------------------------------------------------------------------------------------------
 * sort(T x, i64 dim = -1, bool descending = false) -> (T values, i64 indices) : T in number ; shape=same(x, dim) ;
 * accuracy=exact(either_zero)
 * values = x in rising order along dim, falling when descending; indices = where each stood. Equal elements keep
 * their order; NaN stands last when rising, first when falling. */
typedef struct bk_sort_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int64_t  dim;                /* -1 when not given */
    int32_t  descending;         /* 0 is false; false when not given */
    int32_t  descending_reserved; /* 0 */
} bk_sort_attributes;
BK_ATTRIBUTE(sort, dim, int64_t, -1)
BK_ATTRIBUTE(sort, descending, int32_t, 0)

/* ---- sqrt -----------------------------------------------------------------------------------------------------
 * sqrt(T x) -> T : T in float ; shape=same(x) ; accuracy=ulp(4, 1, 1) ; inplace=y:x
 * y = √x. √±0 = ±0; below 0 NaN. */

/* ---- sub ------------------------------------------------------------------------------------------------------
 * sub(T a, T b) -> T : T in number ; shape=broadcast(a, b) ; accuracy=rounded ; inplace=y:a, y:b
 * y = a - b. x - x = +0. */

/* ---- sum ------------------------------------------------------------------------------------------------------
 * sum(T x, i64[] dim = [], bool keep_dim = false) -> U : T in bool|number, U = wide(T) ; shape=reduce(x, dim,
 * keep_dim) ; accuracy=sum(x) ; empty=0
 * y = Σ x. Integers and bool are added modulo 2^64 and give 64 bits. The sum of nothing is 0; +Inf and -Inf
 * together give NaN. */
typedef struct bk_sum_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    const int64_t* dim;          /* dim_length integers; [] when not given */
    int64_t  dim_length;
    int32_t  keep_dim;           /* 0 is false; false when not given */
    int32_t  keep_dim_reserved;  /* 0 */
} bk_sum_attributes;
BK_ATTRIBUTE(sum, dim, const int64_t*, NULL)
BK_ATTRIBUTE(sum, dim_length, int64_t, 0)
BK_ATTRIBUTE(sum, keep_dim, int32_t, 0)

/* ---- tanh -----------------------------------------------------------------------------------------------------
 * tanh(T x) -> T : T in float ; shape=same(x) ; accuracy=ulp(6, 7, 2) ; inplace=y:x
 * y = tanh x. tanh ±0 = ±0, tanh ±Inf = ±1 exactly. */

/* ---- topk -----------------------------------------------------------------------------------------------------
 * topk(T x, i64 k, i64 dim = -1, bool largest = true, bool sorted = true) -> (T values, i64 indices) : T in number
 * ; shape=custom ; accuracy=exact(either_zero)
 * values = the k largest of x along dim, or the smallest, and indices = where they stood; sorted says that the
 * first is the most extreme, else they come in any order. Of equal elements any is chosen. */
typedef struct bk_topk_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    int64_t  k;                  /* always given */
    int64_t  dim;                /* -1 when not given */
    int32_t  largest;            /* 0 is false; true when not given */
    int32_t  largest_reserved;   /* 0 */
    int32_t  sorted;             /* 0 is false; true when not given */
    int32_t  sorted_reserved;    /* 0 */
} bk_topk_attributes;
BK_GIVEN(topk, k, int64_t)
BK_ATTRIBUTE(topk, dim, int64_t, -1)
BK_ATTRIBUTE(topk, largest, int32_t, 1)
BK_ATTRIBUTE(topk, sorted, int32_t, 1)

/* ---- uniform --------------------------------------------------------------------------------------------------
 * uniform(i64[] shape, i64 seed, i64 offset = 0, dtype dtype = f32) -> T : T in float ; shape=given(shape) ;
 * accuracy=exact ; random=words(1, 2)
 * Uniform in [0, 1). Key = seed; element i takes word i mod 4 of counter offset + i/4 (f64: words 2(i mod 2) and
 * the next, of counter offset + i/2). f32 = (w >> 8)·2^-24, f16 = (w >> 21)·2^-11, bf16 = (w >> 24)·2^-8, f64 = the
 * top 53 bits of (second word, first word)·2^-53. */
typedef struct bk_uniform_attributes {
    uint32_t struct_size;        /* bytes that the host filled */
    uint32_t reserved;           /* 0 */
    uint64_t given;              /* a bit for each attribute, in order, that is not its default */
    const int64_t* shape;        /* shape_length integers; always given */
    int64_t  shape_length;
    int64_t  seed;               /* always given */
    int64_t  offset;             /* 0 when not given */
    int32_t  dtype;              /* a dtype, such as BK_F32; f32 when not given */
    int32_t  dtype_reserved;     /* 0 */
} bk_uniform_attributes;
BK_GIVEN(uniform, shape, const int64_t*)
BK_GIVEN(uniform, shape_length, int64_t)
BK_GIVEN(uniform, seed, int64_t)
BK_ATTRIBUTE(uniform, offset, int64_t, 0)
BK_ATTRIBUTE(uniform, dtype, int32_t, BK_F32)

/* ---- where ----------------------------------------------------------------------------------------------------
 * where(B condition, T a, T b) -> T : B in bool, T in any ; shape=broadcast(condition, a, b) ; accuracy=moved ;
 * inplace=y:a, y:b
 * y = a where condition is true, else b, bit for bit, a NaN's payload too. */

#undef BK_GIVEN
#undef BK_ATTRIBUTE

#endif
