/* Costs by time: see bound_shape.h. */
#include "bound_shape.h"

/* ---- reading a shape from left to right ---- */

typedef struct reader {
    shape_view s;
    int32_t k; /* the piece that holds at `at` */
    int32_t at;
    int64_t value;
} reader;

static int32_t next_from(const reader *r)
{
    return r->k + 1 < r->s.n ? r->s.pieces[r->k + 1].from : INT32_MAX;
}

/* Go on to t >= at. */
static void read_to(reader *r, int32_t t)
{
    while (next_from(r) <= t) {
        int32_t next = next_from(r);
        r->value += r->s.pieces[r->k].slope * (next - r->at);
        r->at = next;
        r->k++;
    }
    r->value += r->s.pieces[r->k].slope * (t - r->at);
    r->at = t;
}

static reader read_from(shape_view s, int32_t t)
{
    reader r = {s, 0, s.pieces[0].from, s.value};
    read_to(&r, t);
    return r;
}

static int64_t slope_of(const reader *r)
{
    return r->s.pieces[r->k].slope;
}

/* ---- the price of a start ---- */

static int64_t price_at(const shape_price *p, int32_t t)
{
    int64_t price = p->tilt * ((int64_t)t - p->tilt_from);
    if (t < p->early_until)
        price += p->early * ((int64_t)p->early_until - t);
    if (t > p->late_from)
        price += p->late * ((int64_t)t - p->late_from);
    if (t > p->due)
        price += p->lateness * ((int64_t)t - p->due);
    return price;
}

static int64_t price_slope(const shape_price *p, int32_t t)
{
    return p->tilt + (t >= p->late_from ? p->late : 0) + (t >= p->due ? p->lateness : 0) -
           (t < p->early_until ? p->early : 0);
}

static int32_t next_price(const shape_price *p, int32_t t)
{
    int32_t next = INT32_MAX;
    const int32_t at[] = {p->early_until, p->late_from, p->due};
    for (int k = 0; k < 3; k++)
        if (at[k] > t && at[k] < next)
            next = at[k];
    return next;
}

/* ---- building one ---- */

/* Room for one piece more: give up the bend that costs least. All that lies after it sinks a little. */
static void drop_bend(shape *s)
{
    int32_t drop = 1;
    int64_t least = INT64_MAX;
    for (int32_t k = 1; k + 1 < s->n; k++) {
        int64_t sinks =
            (s->pieces[k].slope - s->pieces[k - 1].slope) * (s->pieces[k + 1].from - (int64_t)s->pieces[k].from);
        if (sinks < least) {
            least = sinks;
            drop = k;
        }
    }
    for (int32_t k = drop; k + 1 < s->n; k++)
        s->pieces[k] = s->pieces[k + 1];
    s->n--;
}

static void add_piece(shape *s, int32_t from, int64_t slope)
{
    if (s->n > 0 && s->pieces[s->n - 1].slope == slope)
        return;
    if (s->n > 0 && s->pieces[s->n - 1].from == from) {
        s->pieces[s->n - 1].slope = slope;
        return;
    }
    if (s->n == SHAPE_PIECES)
        drop_bend(s);
    s->pieces[s->n++] = (shape_piece){slope, from};
}

bool shape_extend(shape_view at, int32_t way, const shape_stop *to, int64_t waiting, shape *ret_shape)
{
    int32_t t = at.pieces[0].from + way;
    t = t > to->lo ? t : to->lo;
    if (t > to->hi)
        return false;
    reader r = read_from(at, t - way);
    ret_shape->value = r.value + price_at(&to->price, t);
    ret_shape->n = 0;
    for (;;) {
        int64_t slope = slope_of(&r) + price_slope(&to->price, t);
        if (slope >= waiting || t >= to->hi)
            break; /* from here on it is cheaper, or the only way, to wait after the stop */
        add_piece(ret_shape, t + to->length, slope);
        int32_t next = next_price(&to->price, t);
        if (next_from(&r) != INT32_MAX && next_from(&r) + way < next)
            next = next_from(&r) + way;
        t = next < to->hi ? next : to->hi;
        read_to(&r, t - way);
    }
    add_piece(ret_shape, t + to->length, waiting);
    return true;
}

int32_t shape_start(shape_view at, int32_t way, const shape_stop *to, int64_t waiting, int32_t leaves)
{
    int32_t t = at.pieces[0].from + way, last = leaves - to->length;
    t = t > to->lo ? t : to->lo;
    last = last < to->hi ? last : to->hi;
    reader r = read_from(at, t - way);
    while (t < last && slope_of(&r) + price_slope(&to->price, t) < waiting) {
        int32_t next = next_price(&to->price, t);
        if (next_from(&r) != INT32_MAX && next_from(&r) + way < next)
            next = next_from(&r) + way;
        t = next < last ? next : last;
        read_to(&r, t - way);
    }
    return t;
}

/* ---- questions ---- */

static reader read_to_least(shape_view s, int32_t until)
{
    reader r = {s, 0, s.pieces[0].from, s.value};
    while (slope_of(&r) < 0 && r.at < until)
        read_to(&r, next_from(&r) < until ? next_from(&r) : until);
    return r;
}

int64_t shape_least(shape_view s, int32_t until)
{
    return read_to_least(s, until).value;
}

int32_t shape_best(shape_view s, int32_t until)
{
    return read_to_least(s, until).at;
}

int64_t shape_at(shape_view s, int32_t t)
{
    return read_from(s, t).value;
}

bool shape_is_below(shape_view a, shape_view b, int32_t until)
{
    int32_t t = b.pieces[0].from;
    reader x = read_from(a, t), y = {b, 0, t, b.value};
    while (x.value <= y.value) {
        if (t >= until)
            return true;
        int32_t next = next_from(&x) < next_from(&y) ? next_from(&x) : next_from(&y);
        t = next < until ? next : until;
        read_to(&x, t);
        read_to(&y, t);
    }
    return false;
}
