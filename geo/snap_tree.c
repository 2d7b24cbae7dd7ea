/* The tree of boxes: segments sorted along a Z-order curve (Morton 1966), sixteen to a box, sixteen boxes to the next.
 *
 * A stray ferry far away makes one box large and leaves the others alone, which a grid would not.
 */
#include "roads_file.h"

uint64_t snap_tree_n_boxes(uint64_t n_segments)
{
    uint64_t n_boxes = 0;
    for (uint64_t n = n_segments; n > 1;) {
        n = (n + TREE_FAN - 1) / TREE_FAN;
        n_boxes += n;
    }
    return n_segments == 1 ? 1 : n_boxes;
}

typedef struct leaf {
    uint64_t key;
    uint32_t segment;
} leaf;

static int by_key(const void *a, const void *b)
{
    const leaf *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->segment < y->segment ? -1 : x->segment > y->segment;
}

/* The bits of two numbers in turn. */
static uint64_t interleave(uint32_t a, uint32_t b)
{
    uint64_t key = 0;
    for (int bit = 0; bit < 32; bit++)
        key |= (uint64_t)(a >> bit & 1) << (2 * bit + 1) | (uint64_t)(b >> bit & 1) << (2 * bit);
    return key;
}

static const roads_box no_box = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};

static void widen(roads_box *box, const roads_box *by)
{
    box->south_e7 = by->south_e7 < box->south_e7 ? by->south_e7 : box->south_e7;
    box->west_e7 = by->west_e7 < box->west_e7 ? by->west_e7 : box->west_e7;
    box->north_e7 = by->north_e7 > box->north_e7 ? by->north_e7 : box->north_e7;
    box->east_e7 = by->east_e7 > box->east_e7 ? by->east_e7 : box->east_e7;
}

static roads_box box_of(const road_net *net, uint32_t segment)
{
    roads_box box = no_box;
    for (size_t p = net->segments[segment].first_point; p < net->segments[segment + 1].first_point; p++) {
        road_point at = net->points[p];
        widen(&box, &(roads_box){at.lat_e7, at.lon_e7, at.lat_e7, at.lon_e7});
    }
    return box;
}

static void build_levels(const road_net *net, const uint32_t *leaf_segment, roads_box *boxes)
{
    uint64_t n = (net->n_segments + TREE_FAN - 1) / TREE_FAN, first = 0;
    for (uint64_t b = 0; b < n; b++) {
        boxes[b] = no_box;
        for (uint64_t i = b * TREE_FAN; i < (b + 1) * TREE_FAN && i < net->n_segments; i++) {
            roads_box box = box_of(net, leaf_segment[i]);
            widen(&boxes[b], &box);
        }
    }
    while (n > 1) {
        uint64_t n_above = (n + TREE_FAN - 1) / TREE_FAN;
        for (uint64_t b = 0; b < n_above; b++) {
            roads_box *above = &boxes[first + n + b];
            *above = no_box;
            for (uint64_t i = b * TREE_FAN; i < (b + 1) * TREE_FAN && i < n; i++)
                widen(above, &boxes[first + i]);
        }
        first += n;
        n = n_above;
    }
}

cr_status snap_tree_make(const road_net *net, uint32_t **ret_leaf_segment, roads_box **ret_boxes)
{
    leaf *leaves = room_raw(net->n_segments, sizeof *leaves);
    uint32_t *order = room_raw(net->n_segments, sizeof *order);
    roads_box *boxes = room_raw(snap_tree_n_boxes(net->n_segments), sizeof *boxes);
    if (!leaves || !order || !boxes) {
        free(leaves);
        free(order);
        free(boxes);
        return CR_E_NOMEM;
    }
    for (uint32_t s = 0; s < net->n_segments; s++) {
        roads_box box = box_of(net, s);
        int64_t lat = ((int64_t)box.south_e7 + box.north_e7) / 2 + 900000000;
        int64_t lon = ((int64_t)box.west_e7 + box.east_e7) / 2 + 1800000000;
        leaves[s] = (leaf){interleave((uint32_t)lat, (uint32_t)lon), s};
    }
    qsort(leaves, net->n_segments, sizeof *leaves, by_key);
    for (size_t i = 0; i < net->n_segments; i++)
        order[i] = leaves[i].segment;
    free(leaves);
    build_levels(net, order, boxes);
    *ret_leaf_segment = order;
    *ret_boxes = boxes;
    return CR_OK;
}
